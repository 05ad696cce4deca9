/** The rules of the campaigns and history pages: part of the one stylesheet. */

export const CAMPAIGN_RULES = `
.part{margin-top:8px;font-size:17px}
.part small{margin-left:6px}
.fine{padding:10px 16px;border-radius:6px;background:var(--edge);color:var(--edge-ink);font-weight:550}
.campaign,.panel{gap:10px;padding:14px 18px;scroll-margin-top:12px}
.campaign:target{border-color:var(--accent);box-shadow:0 0 0 1px var(--accent)}
.campaign dl{display:grid;grid-template-columns:70px minmax(0,1fr) 70px minmax(0,1fr);gap:3px 14px}
dt{color:var(--muted)}
.risk{padding:5px 10px;border-left:3px solid var(--warn-line);border-radius:4px;background:var(--warn)}
.variants{gap:6px;padding-top:10px;border-top:1px solid var(--line)}
.variants>li{overflow:hidden}
.variants img{float:right;width:160px;height:70px;margin-left:14px;object-fit:cover;border-radius:4px;
  background:var(--ground)}
.variants small{display:block}
.use{display:block;width:fit-content}
.fields{display:grid;grid-template-columns:1fr 1fr;gap:12px}
.fields label,.panel label{display:grid;grid-template-columns:minmax(0,1fr);gap:4px;min-width:0}
.actions{display:flex;flex-wrap:wrap;align-items:center;gap:10px;margin-top:4px}
.version{grid-template-columns:minmax(0,1fr) auto;gap:4px 16px}
.version>*{grid-column:1}
.version>.button{grid-area:1/2/span 3;align-self:center}
.log li{display:grid;grid-template-columns:190px minmax(0,1fr);gap:2px 16px;padding:8px 18px}
.log time{color:var(--muted);font-size:12.5px}
.log form{margin-top:6px}

@media (max-width:860px){
  .campaign,.panel{padding:12px 14px}
  .campaign dl{grid-template-columns:72px minmax(0,1fr)}
  .fields,.version{grid-template-columns:minmax(0,1fr)}
  .variants img{float:none;display:block;width:100%;height:auto;aspect-ratio:3;margin:0 0 6px}
  .version>.button{grid-area:auto;justify-self:start;margin-top:6px}
  .log li{grid-template-columns:minmax(0,1fr);padding:8px 14px}
  .used td:last-child{flex-basis:100%}
  .used td:last-child:not(:empty)::before{content:"Used by ";color:var(--muted);font-size:12.5px}
  .use{display:inline-block;margin-right:8px}
}
`;
