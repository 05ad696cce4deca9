/** The rules of Try it and of what else stands beside each other: part of the one stylesheet. */

export const TRIAL_RULES = `
main.wide{max-width:1592px}
body:has(main.wide) .bar{padding-inline:max(16px,50vw - 780px)}
.crumbs{margin-bottom:-10px;font-size:12.5px}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr));gap:12px;align-items:start}
.facts{display:grid;grid-template-columns:110px minmax(0,1fr);gap:5px 14px}
.plain{gap:4px}
.checks li{display:grid;grid-template-columns:76px 150px minmax(0,1fr);gap:4px 12px;align-items:baseline;
  padding:9px 18px}
.checks code{color:var(--muted)}
.checks b{margin:0;justify-self:start}
.phase.warn{background:var(--warn);color:var(--warn-ink);box-shadow:inset 0 0 0 1px var(--warn-line)}
.phase.fail{background:var(--bad);color:var(--bad-ink);box-shadow:inset 0 0 0 1px var(--bad-line)}
.counts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,160px),1fr));gap:12px}
.counts div{display:grid;align-content:space-between;gap:2px;padding:12px 16px}
@media (min-width:900px){.counts{grid-template-columns:repeat(4,1fr)}}
.counts dt{font-size:12.5px}
.counts dd{font-size:22px;font-weight:600;letter-spacing:-.01em}
@media (max-width:860px){
  .checks li{grid-template-columns:auto minmax(0,1fr);padding:9px 14px}
  .checks bdi{grid-column:1/-1}
}
.beside{gap:16px;align-items:start}
.trial .fields{grid-template-columns:repeat(auto-fill,minmax(min(100%,190px),1fr));align-items:start}
input[type=datetime-local]{padding-inline:7px;font-size:13px}
.panel code{-webkit-user-select:all;user-select:all}
.wrong{font-size:12.5px;font-weight:400;color:var(--bad-ink)}
fieldset{min-width:0;margin:0;padding:0;border:0}
legend{padding:0;margin-bottom:4px;font-weight:600}
.boxes{display:flex;flex-wrap:wrap;gap:2px 14px}
.boxes legend{float:left;width:100%}
.fields .boxes label,.panel .boxes label{display:flex;align-items:center;gap:6px;min-height:32px;font-weight:400}
.boxes input{width:16px;min-height:0;height:16px;margin:0;accent-color:var(--accent)}
.answers>li{display:grid;gap:2px;padding:10px 18px}
.answers p:first-child{font-weight:600}
.answers .muted::first-letter{text-transform:uppercase}
.passed{margin:0;padding-left:20px;font-size:12.5px;color:var(--muted);list-style:circle}
.screen{overflow:hidden;border:1px solid var(--line);border-radius:8px;background:#fff;height:calc(var(--h)*var(--s));
  width:calc(var(--w)*var(--s));max-width:100%;--w:1280px;--h:1400px;--s:.27}
.screen.mobile{--w:390px;--h:844px;--s:.9}
.screen iframe{display:block;width:var(--w);height:var(--h);border:0;transform:scale(var(--s));
  transform-origin:0 0}
@media (min-width:480px){.screen{--s:.34}.screen.mobile{--s:1}}
@media (min-width:720px){.screen{--s:.52}}
@media (min-width:860px){.screen{--s:.63}}
@media (min-width:1180px){
  .beside{grid-template-columns:minmax(0,460px) minmax(0,1fr)}
  .frame{position:sticky;top:16px}
  .screen{--s:.53}
}
@media (min-width:1400px){.screen{--s:.69}}
@media (min-width:1600px){.screen{--s:.84;--h:1200px}}
`;
