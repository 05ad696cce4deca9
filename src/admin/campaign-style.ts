/** The rules of the campaigns and history pages: part of the one stylesheet. */

export const CAMPAIGN_RULES = `
h3{margin:0;font-size:15px;line-height:1.4;font-weight:600;overflow-wrap:anywhere}
.stack{display:grid;grid-template-columns:minmax(0,1fr);gap:12px}
.part{margin-top:8px;font-size:17px}
.part small{margin-left:6px;font-size:12.5px;font-weight:400;color:var(--muted)}
.fine{padding:10px 16px;border-radius:6px;background:var(--edge);color:var(--edge-ink);font-weight:550}
.notice.good{border-color:var(--edge-ink);background:var(--edge)}
.notice ul{margin:0;padding-left:18px}
.notice li+li{margin-top:3px}
.campaign,.panel{display:grid;grid-template-columns:minmax(0,1fr);gap:10px;padding:14px 18px;
  border:1px solid var(--line);border-radius:8px;background:var(--surface);scroll-margin-top:12px;
  overflow-wrap:anywhere}
.campaign:target{border-color:var(--accent);box-shadow:0 0 0 1px var(--accent)}
.campaign dl{display:grid;grid-template-columns:70px minmax(0,1fr) 70px minmax(0,1fr);gap:3px 14px;margin:0}
dt{color:var(--muted)}
dd{margin:0;font-variant-numeric:tabular-nums}
.phase{display:inline-block;margin-left:4px;padding:1px 9px;border-radius:99px;font-size:12px;
  font-weight:550;line-height:1.6;vertical-align:1px;background:var(--batch);color:var(--batch-ink)}
.phase.live{background:var(--edge);color:var(--edge-ink)}
.phase.planned,.phase.draft{background:var(--streaming);color:var(--streaming-ink)}
.risk{padding:5px 10px;border-left:3px solid var(--warn-line);border-radius:4px;background:var(--warn)}
.variants{display:grid;gap:6px;margin:0;padding:10px 0 0;border-top:1px solid var(--line);list-style:none}
.variants>li{overflow:hidden}
.variants img{float:right;width:160px;height:70px;margin-left:14px;object-fit:cover;border-radius:4px;
  background:var(--ground)}
.variants small{display:block;font-size:12.5px;color:var(--muted)}
.use{display:block;width:fit-content}
.panel label{display:grid;gap:4px;font-weight:600}
.panel input[type=file]{width:100%;min-height:36px;padding:6px 10px;font:inherit;
  font-weight:400;border:1px solid var(--field);border-radius:6px;background:var(--surface);color:inherit}
.fields{display:grid;grid-template-columns:1fr 1fr;gap:12px}
.actions{display:flex;flex-wrap:wrap;align-items:center;gap:10px}
.version{grid-template-columns:minmax(0,1fr) auto;gap:4px 16px}
.version>*{grid-column:1}
.version>.button{grid-area:1/2/span 3;align-self:center}
.version p{font-variant-numeric:tabular-nums}
.log{margin:0;padding:0;list-style:none;border:1px solid var(--line);border-radius:8px;
  background:var(--surface);overflow-wrap:anywhere}
.log li{display:grid;grid-template-columns:190px minmax(0,1fr);gap:2px 16px;padding:8px 18px}
.log li+li{border-top:1px solid var(--line)}
.log time,.log small{color:var(--muted);font-size:12.5px;font-variant-numeric:tabular-nums}
.log form{margin-top:6px}

@media (max-width:860px){
  .campaign,.panel{padding:12px 14px}
  .campaign dl{grid-template-columns:72px minmax(0,1fr)}
  .fields{grid-template-columns:minmax(0,1fr)}
  .variants img{float:none;display:block;width:100%;height:auto;aspect-ratio:3;margin:0 0 6px}
  .version{grid-template-columns:minmax(0,1fr)}
  .version>.button{grid-area:auto;justify-self:start;margin-top:6px}
  .log li{grid-template-columns:minmax(0,1fr);padding:8px 14px}
  .used td:last-child{flex-basis:100%}
  .used td:last-child:not(:empty)::before{content:"Used by ";color:var(--muted);font-size:12.5px}
  .use{display:inline-block;margin-right:8px}
}
`;
