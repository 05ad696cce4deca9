/** The one stylesheet: its address holds a hash of its content, so it may be cached for good. */

import type { Context } from "hono";
import { CAMPAIGN_RULES } from "./campaign-style.ts";
import { PALETTE } from "./palette.ts";
import { TRIAL_RULES } from "./trial-style.ts";

const RULES = `
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font-variant-numeric:tabular-nums;
  font:14px/1.45 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
h1,h2,h3,p,pre,dl,dd{margin:0}
h1{font-size:24px;line-height:1.2;font-weight:650;letter-spacing:-.015em}
h2,h3{font-size:15px;line-height:1.35;font-weight:600}
a{color:var(--accent)}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;
  font-size:.9em}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
main:focus{outline:none}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:8px;top:-60px;z-index:1;padding:8px 14px;border-radius:6px;
  background:var(--accent);color:var(--accent-ink)}
.skip:focus{top:8px}
small,.small{font-size:12.5px;font-weight:400}
small,.muted{color:var(--muted)}

table,.card,.empty,.campaign,.panel,.log,.checks,.answers,.counts div{border:1px solid var(--line);
  border-radius:8px;background:var(--surface)}
main,.stack,.campaign,.panel,.beside,.frame{display:grid;grid-template-columns:minmax(0,1fr);gap:12px}
.log,.checks,.answers,.plain,.variants{display:grid;margin:0;padding:0;list-style:none}
.log li+li,.checks li+li,.answers>li+li{border-top:1px solid var(--line)}

.bar{display:flex;flex-wrap:wrap;align-items:center;gap:0 24px;min-height:52px;
  padding-inline:max(16px,50vw - 560px);background:var(--surface);border-bottom:1px solid var(--line)}
.mark{display:flex;align-items:center;gap:8px;font-weight:600;color:inherit;text-decoration:none}
.mark circle{fill:var(--accent);opacity:.45}
.mark circle+circle{opacity:.8}
.bar form,.who{display:flex;align-items:center;gap:12px;margin-left:auto}
.pages-of,.tabs,.switch{display:flex;flex-wrap:wrap;gap:4px}
:is(.pages-of,.tabs,.switch) a{border-radius:6px;color:var(--muted);text-decoration:none;white-space:nowrap}
:is(.pages-of,.tabs,.switch) a:hover{color:var(--ink)}
:is(.pages-of,.tabs,.switch) [aria-current]{color:var(--ink);font-weight:600}
.pages-of a{padding:7px 12px}
.pages-of :is(:hover,[aria-current]){background:var(--ground)}
.tabs a{padding:6px 10px}
.tabs [aria-current]{background:var(--surface);box-shadow:inset 0 0 0 1px var(--line)}
.switch{gap:4px 20px;border-bottom:1px solid var(--line)}
.switch a{padding:8px 0;margin-bottom:-1px;border-bottom:2px solid transparent;border-radius:0;white-space:normal}
.switch [aria-current]{border-color:var(--accent)}
.switch .warn{color:var(--warn-ink)}
main{gap:16px;max-width:1152px;margin:auto;padding:28px 16px 56px;overflow-wrap:anywhere}
.head{display:grid;grid-template-columns:minmax(0,1fr) auto;align-items:center;gap:6px 24px}
.head p{grid-column:1;text-wrap:pretty}
.head form,.head .button{grid-area:1/2/span 2}

button,.button,input,select{min-height:36px;padding:6px 10px;border:1px solid var(--field);border-radius:6px;
  background:var(--surface);color:inherit;font:inherit;font-weight:400}
button,.button{padding-inline:14px;border-color:var(--line);font-weight:550;cursor:pointer}
.button{display:inline-block;text-decoration:none}
button:hover,.button:hover{border-color:var(--muted)}
.primary{background:var(--accent);border-color:var(--accent);color:var(--accent-ink)}
.primary:hover{filter:brightness(1.08);border-color:var(--accent)}
.quiet{margin-right:-15px;border-color:transparent;background:none;color:var(--muted)}
input,select{width:100%}
input::placeholder{color:var(--muted);opacity:1}
input[aria-invalid]{border-color:var(--bad-line)}
label{font-weight:600}

.search{display:flex;flex-wrap:wrap;align-items:start;justify-content:space-between;gap:8px 16px}
.search>form{display:flex;flex-wrap:wrap;flex:1 1 320px;min-width:0;align-items:center;gap:6px 8px;
  max-width:560px}
.search input[type=search]{flex:1;min-width:0;padding-inline:14px}
.choices{flex-basis:100%}
.choices .fields{grid-template-columns:160px 160px 100px minmax(0,1fr) auto;align-items:end;margin-top:4px}
.count,.pages{color:var(--muted)}
.search .count,.search .tabs{min-height:36px;align-content:center}
.pages{display:flex;align-items:center;justify-content:space-between;gap:16px}
.pages .off{visibility:hidden}
.legend{line-height:1.9}
div[data-live]{display:contents}

.notice{display:grid;gap:4px;padding:12px 16px;border-left:4px solid var(--warn-line);border-radius:6px;
  background:var(--warn)}
.notice.bad{border-color:var(--bad-line);background:var(--bad)}
.notice.good{border-color:var(--edge-ink);background:var(--edge)}
.notice ul{margin:0;padding-left:18px}
.notice li+li{margin-top:3px}
.empty{display:grid;justify-items:center;gap:10px;padding:56px 20px;text-align:center}
.empty p{color:var(--muted);max-width:60ch}
.empty pre{padding:12px 16px;border-radius:6px;background:var(--ground);text-align:left;max-width:100%;
  overflow:auto}
.card{display:grid;gap:10px;width:min(100%,380px);margin:8vh auto 0;padding:28px}
.card label{margin-top:8px}
.card .primary{margin-top:4px}

table{width:100%;border-collapse:separate;border-spacing:0;table-layout:fixed}
th,td{padding:9px 14px;text-align:left;vertical-align:top;font-weight:400}
tbody tr+tr>*{border-top:1px solid var(--line)}
tbody tr:hover>*{background:var(--hover)}
thead th{position:sticky;top:0;padding-block:0;background:var(--surface);
  border-bottom:1px solid var(--line);border-radius:8px 8px 0 0;font-size:12.5px}
thead a{display:block;padding:9px 6px;margin-inline:-6px;outline-offset:-3px;color:var(--muted);
  text-decoration:none}
thead a:hover{color:var(--ink);text-decoration:underline}
thead [aria-sort] a{color:var(--ink);font-weight:600}
.c-modified{width:205px}
.c-origin,.c-websites{width:150px}
.c-evaluation{width:175px}
.c-used{width:165px}
tbody th a{display:block;overflow:clip;overflow-clip-margin:3px;color:inherit;font-weight:550;
  text-decoration-color:transparent}
tbody tr:hover th a,tbody th a:focus-visible{color:var(--accent);text-decoration-color:currentColor}
tbody code{display:block;font-size:11.5px;line-height:1.6;color:var(--muted);user-select:all}
td small{display:block}
summary{width:fit-content;padding-block:4px;color:var(--accent);cursor:pointer}
.phase,b.edge,b.streaming,b.batch{display:inline-block;padding:1px 8px;border-radius:99px;font-size:12px;
  font-weight:550;line-height:1.6;background:var(--batch);color:var(--batch-ink)}
.phase{margin-left:4px;vertical-align:1px}
td b:not(:last-child),.facts b{margin-right:4px}
b:is(.edge,.live,.pass){background:var(--edge);color:var(--edge-ink)}
b:is(.streaming,.planned,.draft){background:var(--streaming);color:var(--streaming-ink)}

@media (max-width:860px){
  main{padding-top:20px}
  .bar{padding-block:6px}
  .pages-of{order:1;flex-basis:100%;gap:0;margin-inline:-8px}
  .pages-of a{padding:7px 8px}
  .head form,.head .button{grid-row:1}
  .head p{grid-column:1/-1}
  table,tbody,thead{display:block}
  thead{border-bottom:1px solid var(--line)}
  thead tr{display:flex;flex-wrap:wrap;gap:0 16px;padding:0 14px}
  thead th{position:static;width:auto!important;padding:0;border:0}
  tbody tr{display:flex;flex-wrap:wrap;gap:2px 12px;padding:11px 14px}
  tbody tr+tr{border-top:1px solid var(--line)}
  tbody tr+tr>*{border:0}
  tbody th,tbody td{padding:0}
  tbody th{flex-basis:100%}
  td small{display:inline}
  td small::before{content:"· "}
  .choices .fields{grid-template-columns:1fr 1fr}
  .choices .boxes{grid-column:1/-1}
  .search>form{flex-basis:100%;max-width:none}
}
@media (max-width:420px){.pages-of a{padding-inline:6px;font-size:13px}.pages-of{margin-inline:-6px}}
`;

const stylesheet = `${PALETTE}${RULES}${CAMPAIGN_RULES}${TRIAL_RULES}`.replace(/\n */g, "");

export const STYLESHEET_PATH = `/style.${hashText(stylesheet)}.css`;

/** FNV-1a: it tells two texts apart, and guards nothing. */
export function hashText(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}

export function answerStylesheet(c: Context): Response {
  return c.body(stylesheet, 200, {
    "content-type": "text/css; charset=utf-8",
    "cache-control": "public, max-age=31536000, immutable",
  });
}
