/** The one stylesheet: its address holds a hash of its content, so it may be cached for good. */

import type { Context } from "hono";
import { CAMPAIGN_RULES } from "./campaign-style.ts";
import { PALETTE } from "./palette.ts";
import { TRIAL_RULES } from "./trial-style.ts";

const RULES = `
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);
  font:14px/1.45 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
h1,h2,p,pre{margin:0}
h1{font-size:24px;line-height:1.2;font-weight:650;letter-spacing:-.015em;overflow-wrap:anywhere}
h2{font-size:15px;line-height:1.35;font-weight:600}
a{color:var(--accent)}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;
  font-size:.9em}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
main:focus{outline:none}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:8px;top:-60px;z-index:1;padding:8px 14px;border-radius:6px;
  background:var(--accent);color:var(--accent-ink)}
.skip:focus{top:8px}
.muted{color:var(--muted)}
.small{font-size:12.5px}

.bar{display:flex;flex-wrap:wrap;align-items:center;gap:0 24px;min-height:52px;
  padding-inline:max(16px,50vw - 560px);background:var(--surface);border-bottom:1px solid var(--line)}
.mark{display:flex;align-items:center;gap:8px;font-weight:600;color:inherit;text-decoration:none}
.bar form,.who{display:flex;align-items:center;gap:12px;margin-left:auto}
.pages-of{display:flex;flex-wrap:wrap;gap:4px}
.pages-of a{padding:7px 12px;border-radius:6px;color:var(--muted);text-decoration:none;white-space:nowrap}
.pages-of a:hover{color:var(--ink);background:var(--ground)}
.pages-of a[aria-current]{color:var(--ink);background:var(--ground);font-weight:600}
.mark circle{fill:var(--accent);opacity:.45}
.mark circle+circle{opacity:.8}
main{display:grid;grid-template-columns:minmax(0,1fr);gap:16px;max-width:1152px;margin:auto;
  padding:28px 16px 56px}
.head{display:grid;grid-template-columns:minmax(0,1fr) auto;align-items:center;gap:6px 24px}
.head p{grid-column:1;text-wrap:pretty;font-variant-numeric:tabular-nums}
.head form,.head .button{grid-area:1/2/span 2}

button,.button,input[type=search],input[type=password]{min-height:36px;border:1px solid var(--line);
  border-radius:6px;background:var(--surface);color:inherit;font:inherit;padding:6px 14px}
button,.button{font-weight:550;cursor:pointer}
.button{display:inline-block;text-decoration:none}
button:hover,.button:hover{border-color:var(--muted)}
.primary{background:var(--accent);border-color:var(--accent);color:var(--accent-ink)}
.primary:hover{filter:brightness(1.08);border-color:var(--accent)}
.quiet{margin-right:-15px;border-color:transparent;background:none;color:var(--muted)}
input::placeholder{color:var(--muted);opacity:1}
input[type=search],input[type=password]{border-color:var(--field)}
input[aria-invalid]{border-color:var(--bad-line)}

.switch{display:flex;flex-wrap:wrap;gap:4px 20px;border-bottom:1px solid var(--line)}
.switch a{padding:8px 0;margin-bottom:-1px;border-bottom:2px solid transparent;color:var(--muted);
  text-decoration:none}
.switch a:hover{color:var(--ink)}
.switch a[aria-current]{color:var(--ink);font-weight:600;border-color:var(--accent)}
.switch small{font-size:12px;font-weight:400;color:var(--muted)}
.switch .warn{color:var(--warn-ink)}
.search{display:flex;flex-wrap:wrap;align-items:start;justify-content:space-between;gap:8px 16px}
.search>form{display:flex;flex-wrap:wrap;flex:1 1 320px;min-width:0;align-items:center;gap:6px 8px;
  max-width:560px}
.search input[type=search]{flex:1;min-width:0}
.choices{flex-basis:100%}
.choices .fields{grid-template-columns:160px 160px 100px minmax(0,1fr) auto;align-items:end;margin-top:4px}
.choices label{display:grid;gap:4px;font-weight:600}
.choices .boxes label{display:flex;align-items:center;gap:6px;min-height:32px;font-weight:400}
input[type=date]{width:100%;min-height:36px;padding:6px 10px;font:inherit;font-weight:400;
  border:1px solid var(--field);border-radius:6px;background:var(--surface);color:inherit}
.count,.pages{color:var(--muted);font-variant-numeric:tabular-nums}
.search .count,.search .tabs{min-height:36px;align-content:center}
.pages{display:flex;align-items:center;justify-content:space-between;gap:16px}
.pages .off{visibility:hidden}
.legend{line-height:1.9}
div[data-live]{display:contents}

.notice{display:grid;gap:4px;padding:12px 16px;border-left:4px solid var(--warn-line);border-radius:6px;
  background:var(--warn);overflow-wrap:anywhere}
.notice.bad{border-color:var(--bad-line);background:var(--bad)}
.empty{display:grid;justify-items:center;gap:10px;padding:56px 20px;border:1px solid var(--line);
  border-radius:8px;background:var(--surface);text-align:center;overflow-wrap:anywhere}
.empty p{color:var(--muted);max-width:60ch}
.empty pre{padding:12px 16px;border-radius:6px;background:var(--ground);text-align:left;max-width:100%;
  overflow:auto}
.card{display:grid;gap:10px;width:min(100%,380px);margin:8vh auto 0;padding:28px;
  border:1px solid var(--line);border-radius:10px;background:var(--surface)}
.card label{font-weight:600;margin-top:8px}
.card input{width:100%}
.card .primary{margin-top:4px}

table{width:100%;border-collapse:separate;border-spacing:0;table-layout:fixed;
  border:1px solid var(--line);border-radius:8px;background:var(--surface)}
th,td{padding:9px 14px;text-align:left;vertical-align:top;font-weight:400;overflow-wrap:anywhere}
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
td{font-variant-numeric:tabular-nums}
tbody th a{display:block;overflow:clip;overflow-clip-margin:3px;color:inherit;font-weight:550;
  text-decoration-color:transparent}
tbody tr:hover th a,tbody th a:focus-visible{color:var(--accent);text-decoration-color:currentColor}
tbody code{display:block;font-size:11.5px;line-height:1.6;color:var(--muted);user-select:all}
td small{display:block;font-size:12.5px;color:var(--muted)}
summary{width:fit-content;padding-block:4px;color:var(--accent);cursor:pointer}
b.edge,b.streaming,b.batch{display:inline-block;padding:1px 8px;border-radius:99px;font-size:12px;
  font-weight:550;line-height:1.6;background:var(--batch);color:var(--batch-ink)}
td b:not(:last-child){margin-right:4px}
b.edge{background:var(--edge);color:var(--edge-ink)}
b.streaming{background:var(--streaming);color:var(--streaming-ink)}

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
