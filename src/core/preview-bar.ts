/** The bar at the foot of a previewed page: what is previewed, every banner with its choice and reason, and the way out. */

import type { Choice } from "./banner.ts";
import type { Preview } from "./preview.ts";

export interface PreviewBar {
  readonly preview: Preview;
  /** `gone`: the unpublished campaigns can't be had. */
  readonly campaigns: "live" | "draft" | "gone";
  readonly choices: readonly Choice[];
  /** Addresses on the shop's own host. */
  readonly stylesheet: string;
  readonly leave: string;
}

/**
 * In a shadow root that the parser itself opens, so that neither has the page's styles nor gives it any, and without a
 * script: a strict policy of the page's has nothing to refuse but the stylesheet, and without that it is plain text.
 */
export function writePreviewBar({ preview, campaigns, choices, stylesheet, leave }: PreviewBar): string {
  const lines =
    campaigns === "gone"
      ? [
          "<li>The unpublished campaigns of this link can't be read, or are no longer kept: this is the store's own page.</li>",
        ]
      : choices.map(describeChoice);
  if (lines.length === 0) lines.push("<li>No banner stands on this page.</li>");
  const told = [
    `as ${preview.names.length === 0 ? "somebody in no audience" : preview.names.map(escapeHtml).join(", ")}`,
    ...(preview.atMs === null
      ? []
      : [`at ${new Date(preview.atMs).toISOString().replace(/:00\.000Z$/, "Z")}`]),
    ...(preview.split === null ? [] : [`in the split ${preview.split.words.map(escapeHtml).join(", ")}`]),
    ...(campaigns === "live" ? [] : ["unpublished campaigns"]),
  ];
  return `<aside id="edge-audiences-preview" aria-label="Preview"><template shadowrootmode="open">
<link rel="stylesheet" href="${escapeHtml(stylesheet)}">
<div class="bar"><details><summary><b>Preview</b> ${told.join(" · ")}</summary>
<ul>${lines.join("")}</ul></details>
<form method="post" action="${escapeHtml(leave)}"><button>Leave preview</button></form></div>
</template></aside>
`;
}

function describeChoice({ banner, variant, reason }: Choice): string {
  const shown = variant === null ? "the store's own" : `<b>${escapeHtml(variant)}</b>`;
  return `<li><code>${escapeHtml(banner)}</code> ${shown}, ${reason.replaceAll("-", " ")}</li>`;
}

function escapeHtml(text: string): string {
  const named: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => named[character] ?? "");
}

/** On the foot of the window, and under the page's own foot at its end, which it never covers. */
export const PREVIEW_STYLESHEET = `:host{position:sticky;bottom:0;z-index:2147483647;display:block;clear:both;
font:16px/1.4 system-ui,sans-serif;color:#fff;text-align:start}
.bar{display:flex;flex-wrap:wrap;gap:0 16px;align-items:flex-start;justify-content:space-between;
padding:4px max(16px,env(safe-area-inset-left)) calc(4px + env(safe-area-inset-bottom));
background:#1b1b1f;border-top:3px solid #ffb300}
details{flex:1 1 10rem;min-width:0;overflow-wrap:anywhere}
summary{padding:11px 0;cursor:pointer}
ul{max-height:40vh;margin:0;padding:0 0 12px 20px;overflow:auto}
li{padding:3px 0}
code{font:.95em ui-monospace,monospace;color:#ffd97a}
form{margin:0}
button{min-height:44px;padding:0 16px;font:inherit;font-weight:600;color:#1b1b1f;background:#ffb300;
border:2px solid #ffb300;border-radius:4px;cursor:pointer}
:focus-visible{outline:3px solid #fff;outline-offset:2px}
@media print{:host{display:none}}
`;
