/** The dashboard's colours, each for a light and for a dark screen, as custom properties of CSS. */

/** Text on its ground has a contrast of 4.5 and more, the edge of a field 3 (WCAG 2.2, 1.4.3 and 1.4.11). */
const colors: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  ground: ["#f6f6f4", "#131517"],
  surface: ["#fff", "#1a1d20"],
  ink: ["#1b1d1f", "#e7e8e8"],
  muted: ["#5c6066", "#a0a5ab"],
  line: ["#e2e2de", "#2c3135"],
  field: ["#8b9096", "#6f767d"],
  hover: ["#fafaf8", "#1f2327"],
  accent: ["#0b6374", "#74c6d6"],
  "accent-ink": ["#fff", "#08262d"],
  edge: ["#d6f0e4", "#123c2b"],
  "edge-ink": ["#0d5a3a", "#8fdcb7"],
  streaming: ["#dbeaf8", "#153450"],
  "streaming-ink": ["#174e80", "#9ccbf5"],
  batch: ["#ecebe7", "#2b2d2f"],
  "batch-ink": ["#55524a", "#bdbbb5"],
  warn: ["#fff6dd", "#2e270f"],
  "warn-line": ["#d9a514", "#c99a1b"],
  bad: ["#fdecea", "#361a17"],
  "bad-line": ["#c8402f", "#e0604f"],
  "bad-ink": ["#a33022", "#f0938a"],
  "warn-ink": ["#7a5600", "#e6bf55"],
};

export const PALETTE = `:root{color-scheme:light dark;${properties(0)}}
@media (prefers-color-scheme:dark){:root{${properties(1)}}}`;

function properties(scheme: 0 | 1): string {
  return Object.entries(colors)
    .map(([name, shades]) => `--${name}:${shades[scheme]}`)
    .join(";");
}
