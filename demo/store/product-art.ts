/** Draws the shop's products as flat SVG pictures: no photographs, no network. */

import type { Colors, Garment } from "./catalog.ts";

export function drawProduct(garment: Garment, colors: Colors): string {
  return picture(colors.ground, shadow() + drawings[garment](colors));
}

export function drawPlaceholder(): string {
  return picture("#e9eeeb", `<path fill="#c3cec8" d="M110 330 180 215l38 62 26-40 60 93z"/>`);
}

function picture(ground: string, drawing: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 500">
<rect width="400" height="500" fill="${ground}"/>
<g fill="none" stroke="#fff" stroke-opacity=".5" stroke-width="2">${rings()}</g>
${drawing}
</svg>
`;
}

/** Contour lines behind every product: the shop's wallpaper. */
function rings(): string {
  let paths = "";
  for (let step = 1; step <= 7; step += 1) {
    const r = 60 + step * 46;
    paths += `<ellipse cx="${200 + step * 4}" cy="${240 - step * 3}" rx="${r}" ry="${r * 0.86}"
 transform="rotate(${-18 + step * 4} 200 240)"/>`;
  }
  return paths;
}

function shadow(): string {
  return `<ellipse cx="200" cy="446" rx="118" ry="13" fill="#000" opacity=".09"/>`;
}

/** The right half of a garment lies in shade. */
const halfShade = `fill="#000" opacity=".08"`;

function body(c: Colors): string {
  return `<path fill="${c.main}" d="M164 138c-18 8-32 14-38 30l-6 236q80 14 160 0l-6-236c-6-16-20-22-38-30l-36 20z"/>
<path ${halfShade} d="M200 158v253q42 0 80-7l-6-236c-6-16-20-22-38-30z"/>`;
}

function sleeves(c: Colors, cuff: string): string {
  return `<path fill="${c.main}" d="M127 164c-22 16-33 40-41 82L66 352q16 14 36 7l24-108z"/>
<path fill="${c.main}" d="M273 164c22 16 33 40 41 82l20 106q-16 14-36 7l-24-108z"/>
<path ${halfShade} d="M273 164c22 16 33 40 41 82l20 106q-16 14-36 7l-24-108z"/>
<path fill="${cuff}" d="M69 338l-3 14q16 14 36 7l3-14q-18 6-36-7zM331 338l3 14q-16 14-36 7l-3-14q18 6 36-7z"/>`;
}

function zip(c: Colors, to: number): string {
  return `<path stroke="${c.accent}" stroke-width="4" stroke-linecap="round" d="M200 160V${to}"/>
<rect x="196" y="168" width="8" height="16" rx="3" fill="${c.accent}"/>`;
}

function quilting(color: string): string {
  let lines = "";
  for (let y = 196; y < 400; y += 34) lines += `<path d="M124 ${y}q76 16 152 0"/>`;
  return `<g fill="none" stroke="${color}" stroke-width="4">${lines}</g>`;
}

function collar(color: string): string {
  return `<path fill="${color}" d="M162 140q-2-26 10-32q28 10 56 0q12 6 10 32l-38 22z"/>
<path fill="#000" opacity=".2" d="M172 116q28 12 56 0q4 6 4 18q-32 20-64 0q0-12 4-18z"/>`;
}

function hood(c: Colors): string {
  return `<path fill="${c.main}" d="M158 144c-4-44 16-68 42-68s46 24 42 68q-42 30-84 0z"/>
<path fill="${c.trim}" d="M170 140c-2-30 10-48 30-48s32 18 30 48q-30 20-60 0z"/>
<path fill="#000" opacity=".28" d="M177 138c-1-24 8-38 23-38s24 14 23 38q-23 14-46 0z"/>`;
}

const drawings: Readonly<Record<Garment, (c: Colors) => string>> = {
  shell: (c) => `${sleeves(c, c.trim)}${body(c)}
<path fill="${c.trim}" d="M164 138c-18 8-32 14-38 30l-2 46q76 20 152 0l-2-46c-6-16-20-22-38-30l-36 20z"/>
${hood(c)}${zip(c, 410)}
<g stroke="${c.accent}" stroke-width="4" stroke-linecap="round"><path d="M146 300l14 52"/><path d="M254 300l-14 52"/>
<path d="M226 236h26"/></g>`,
  down: (c) => `${sleeves(c, c.trim)}
<g fill="none" stroke="${c.trim}" stroke-width="4"><path d="M98 222q18 10 32 6M88 270q18 10 32 6M79 314q18 9 30 6"/>
<path d="M302 222q-18 10-32 6M312 270q-18 10-32 6M321 314q-18 9-30 6"/></g>
${body(c)}${quilting(c.trim)}${collar(c.trim)}${zip(c, 410)}`,
  anorak: (c) => `${sleeves(c, c.trim)}${body(c)}${hood(c)}
<path stroke="${c.accent}" stroke-width="4" stroke-linecap="round" d="M200 160v62"/>
<path fill="${c.trim}" d="M136 268h128l4 78q-68 10-136 0z"/>
<path fill="none" stroke="${c.accent}" stroke-width="3.5" stroke-linecap="round" d="M134 282h132M150 300l-10 40M250 300l10 40"/>`,
  fleece: (c) => `${sleeves(c, c.trim)}${body(c)}
<path fill="${c.trim}" d="M164 138c-18 8-32 14-38 30l-1 26q30 2 48-34zM236 138c18 8 32 14 38 30l1 26q-30 2-48-34z"/>
${collar(c.trim)}<path stroke="${c.accent}" stroke-width="5" stroke-linecap="round" d="M200 160v76"/>
<path fill="${c.accent}" d="M222 222h38v40q-19 12-38 0z"/><circle cx="241" cy="232" r="3.4" fill="${c.main}"/>
<g fill="#fff" opacity=".22">${tufts()}</g>`,
  vest: (
    c,
  ) => `<path fill="${c.main}" d="M164 138c-14 6-22 10-28 18q14 40-12 84l-2 164q78 14 156 0l-2-164q-26-44-12-84c-6-8-14-12-28-18l-36 20z"/>
<path ${halfShade} d="M200 158v253q42 0 78-7l-2-164q-26-44-12-84c-6-8-14-12-28-18z"/>
<g fill="none" stroke="${c.trim}" stroke-width="4"><path d="M134 214q66 14 132 0M126 252q74 16 148 0"/>
<path d="M124 290q76 16 152 0M124 328q76 16 152 0M124 366q76 16 152 0"/></g>
${collar(c.trim)}${zip(c, 410)}`,
  crew: (c) => `${sleeves(c, c.trim)}${body(c)}${neck(c)}
<g fill="none" stroke="${c.accent}" stroke-opacity=".5" stroke-width="2.5"><path d="M150 150q-16 20-24 60M250 150q16 20 24 60"/>
<path d="M122 372q78 14 156 0"/></g>`,
  tee: (
    c,
  ) => `<path fill="${c.main}" d="M127 164c-26 18-38 40-46 70l44 22 8-30zM273 164c26 18 38 40 46 70l-44 22-8-30z"/>
<path ${halfShade} d="M273 164c26 18 38 40 46 70l-44 22-8-30z"/>
<path fill="${c.trim}" d="M84 222l-3 12 44 22 3-12zM316 222l3 12-44 22-3-12z"/>${body(c)}${neck(c)}
<path fill="none" stroke="${c.accent}" stroke-width="5" stroke-linejoin="round" stroke-linecap="round"
 d="M158 262l22-34 14 22 10-15 18 27"/>`,
  trousers: (
    c,
  ) => `<path fill="${c.main}" d="M148 84h104l10 60 10 288q-28 8-56 0l-14-232h-4l-14 232q-28 8-56 0l10-288z"/>
<path ${halfShade} d="M200 84h52l10 60 10 288q-28 8-56 0l-14-232h-2z"/>
<path fill="${c.trim}" d="M148 84h104l3 20H145z"/><rect x="190" y="82" width="20" height="24" rx="4" fill="${c.accent}"/>
<path fill="${c.trim}" d="M139 262l46 2-4 66-44-2zM261 262l-46 2 4 66 44-2z"/>
<g fill="none" stroke="${c.accent}" stroke-width="3.5" stroke-linecap="round"><path d="M146 122q14 22 28 26M254 122q-14 22-28 26"/>
<path d="M142 196v40"/></g>`,
  beanie: (c) => `<circle cx="200" cy="140" r="30" fill="${c.trim}"/>
<path fill="${c.main}" d="M100 318c-2-112 44-166 100-166s102 54 100 166z"/>
<path ${halfShade} d="M200 152c56 0 102 54 100 166H200z"/>
<g fill="none" stroke="${c.trim}" stroke-width="5"><path d="M128 316c0-70 14-122 44-156M164 316c0-70 8-124 22-160"/>
<path d="M272 316c0-70-14-122-44-156M236 316c0-70-8-124-22-160M200 316V154"/></g>
<rect x="90" y="296" width="220" height="78" rx="22" fill="${c.trim}"/>
<rect x="206" y="320" width="52" height="32" rx="4" fill="${c.accent}"/><path fill="${c.main}" d="M214 345l11-16 6 9 5-7 12 14z"/>`,
  socks: (c) =>
    `<g transform="translate(-46 34)">${sock(c)}</g><g transform="translate(26 -8)">${sock(c)}</g>`,
  mitts: (c) => `<g transform="translate(-66 14) rotate(-8 200 250)">${mitt(c)}</g>
<g transform="translate(466 0) scale(-1 1) translate(0 14) rotate(-8 200 250)">${mitt(c)}</g>`,
  pack: (
    c,
  ) => `<path fill="none" stroke="${c.trim}" stroke-width="16" d="M138 190q-34 80-10 170M262 190q34 80 10 170"/>
<rect x="128" y="118" width="144" height="300" rx="46" fill="${c.main}"/>
<path ${halfShade} d="M200 118h26q46 0 46 46v208q0 46-46 46h-26z"/>
<path fill="${c.trim}" d="M128 164q0-62 72-62t72 62v22q-72 22-144 0z"/>
<rect x="148" y="262" width="104" height="112" rx="20" fill="${c.trim}"/>
<path fill="none" stroke="${c.accent}" stroke-width="5" stroke-linecap="round" d="M158 286h84M176 100q0-26 24-26t24 26"/>
<g fill="${c.accent}"><rect x="152" y="178" width="12" height="52" rx="4"/><rect x="236" y="178" width="12" height="52" rx="4"/></g>
<path fill="${c.accent}" d="M186 336l10-15 6 9 5-7 11 13z"/>`,
};

function neck(c: Colors): string {
  return `<path fill="${c.trim}" d="M160 140q40 34 80 0l-6-5q-34 26-68 0z"/>
<path fill="#000" opacity=".22" d="M166 135q34 26 68 0q-34 10-68 0z"/>`;
}

function tufts(): string {
  let marks = "";
  for (let index = 0; index < 46; index += 1) {
    const x = 132 + ((index * 37) % 134);
    const y = 206 + ((index * 61) % 190);
    marks += `<circle cx="${x}" cy="${y}" r="${3 + (index % 3)}"/>`;
  }
  return marks;
}

function sock(c: Colors): string {
  return `<path fill="${c.main}" d="M150 92h66l-4 176c0 24 10 36 34 44l34 12c28 10 30 58-8 60h-84c-32 0-48-22-46-56z"/>
<path fill="${c.trim}" d="M150 92h66l-1 34h-65zM142 330c-2 32 14 54 46 54h6c4-30-14-62-50-66zM262 318l18 6c28 10 30 58-8 60h-10c-14-22-14-46 0-66z"/>
<path stroke="${c.accent}" stroke-width="7" d="M149 146h65M148 164h65"/>`;
}

function mitt(c: Colors): string {
  return `<path fill="${c.main}" d="M150 320c-14-60-14-132 8-168c16-26 58-28 74 0c16 30 18 112 10 168z"/>
<path fill="${c.main}" d="M156 300c-30-14-52-52-48-80c4-18 24-18 32-2c8 18 18 34 30 40z"/>
<path ${halfShade} d="M200 134c14 0 26 6 32 18c16 30 18 112 10 168h-42z"/>
<path fill="none" stroke="${c.accent}" stroke-width="4" stroke-dasharray="9 8" d="M168 190q28-12 58 0M166 222q30-12 62 0"/>
<path fill="${c.trim}" d="M146 312h100l6 74q-56 14-112 0z"/>
<path stroke="#fff" stroke-opacity=".22" stroke-width="5" d="M164 322v58M186 324v62M208 324v62M230 322v58"/>`;
}
