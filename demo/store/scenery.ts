/** Landscapes for the hero and the banner, drawn as SVG from a few numbers. */

interface Scene {
  readonly sky: readonly [top: string, bottom: string];
  /** Far to near. */
  readonly ridges: readonly string[];
  readonly over: string;
  readonly under: string;
}

const width = 1600;
const height = 700;

const night: Scene = {
  sky: ["#0d1730", "#2a3f66"],
  ridges: ["#2c4268", "#223555", "#182843", "#101d33", "#0a1424"],
  over: `${aurora()}${stars()}<path fill="#f3eecb" d="M1366 150a50 50 0 1 0 46 70a40 40 0 1 1 -46 -70z"/>`,
  under: hut(),
};

const scenes: Readonly<Record<string, Scene>> = {
  "hero-day": {
    sky: ["#eaf1ee", "#cfdfd8"],
    ridges: ["#b3cbc1", "#8bb0a2", "#5b8b7a", "#356553", "#1d4637"],
    over: `<circle cx="1180" cy="150" r="58" fill="#f7fbf6" opacity=".85"/>${birds("#5b8b7a")}`,
    under: "",
  },
  "hero-night": night,
  "hero-night-small": night,
  "hero-dawn": {
    sky: ["#ffe3b8", "#f4a259"],
    ridges: ["#e88d4e", "#cf6a3e", "#a94c36", "#7a3431", "#4c2227"],
    over: `<circle cx="1180" cy="236" r="92" fill="#fff3d6"/>
<circle cx="1180" cy="236" r="150" fill="#fff3d6" opacity=".28"/>${birds("#a94c36")}`,
    under: "",
  },
  workshop: {
    sky: ["#26413c", "#1d332f"],
    ridges: [],
    over: "",
    under: `${contours()}${needle()}`,
  },
  "workshop-gold": { sky: ["#5a3d16", "#33220b"], ridges: [], over: "", under: `${contours()}${needle()}` },
  "workshop-gold-small": { sky: ["#5a3d16", "#33220b"], ridges: [], over: "", under: contours() },
  "workshop-small": { sky: ["#26413c", "#1d332f"], ridges: [], over: "", under: contours() },
};

/** Null for a picture that this shop does not have. */
export function drawScene(name: string): string | null {
  const scene = scenes[name];
  if (scene === undefined) return null;
  const ridges = scene.ridges.map((color, index) => ridge(index, scene.ridges.length, color)).join("\n");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" preserveAspectRatio="xMidYMax slice">
<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
<stop offset="0" stop-color="${scene.sky[0]}"/><stop offset="1" stop-color="${scene.sky[1]}"/>
</linearGradient></defs>
<rect width="${width}" height="${height}" fill="url(#sky)"/>
${scene.over}
${ridges}
${scene.under}
</svg>
`;
}

/** A line of hills: three waves added up, peaky far away and round close by. */
function ridge(index: number, count: number, color: string): string {
  const depth = index / Math.max(1, count - 1);
  const top = 330 + depth * 270;
  const rise = 150 - depth * 85;
  const points: string[] = [];
  for (let x = 0; x <= width; x += 20) {
    const t = x / width;
    const wave =
      Math.abs(Math.sin(t * (7 - depth * 3) + index * 2.1)) * 0.7 +
      Math.sin(t * 17 + index * 5) * (0.18 - depth * 0.1) +
      Math.sin(t * 43 + index * 3) * (0.06 - depth * 0.04);
    points.push(`${x} ${(top - rise * wave).toFixed(1)}`);
  }
  return `<path fill="${color}" d="M0 ${height} L${points.join(" L")} L${width} ${height} Z"/>`;
}

function stars(): string {
  const dots: string[] = [];
  for (let index = 0; index < 90; index += 1) {
    const x = (index * 379) % width;
    const y = ((index * index * 53 + index * 97) % 380) + 10;
    const radius = index % 9 === 0 ? 2.2 : 1.1;
    dots.push(`<circle cx="${x}" cy="${y}" r="${radius}"/>`);
  }
  return `<g fill="#fff" opacity=".75">${dots.join("")}</g>`;
}

function aurora(): string {
  return `<filter id="soft" x="-10%" y="-60%" width="120%" height="220%"><feGaussianBlur stdDeviation="26"/></filter>
<g fill="none" filter="url(#soft)"><path stroke="#6fd6a8" stroke-width="90" opacity=".34"
 d="M-40 250 C 300 90 520 330 860 170 S 1380 60 1680 210"/>
<path stroke="#cfe04a" stroke-width="34" opacity=".3" d="M-40 300 C 320 150 540 380 880 230 S 1380 120 1680 260"/></g>`;
}

/** The lit hut on the night hill: the only warm thing in the picture. */
function hut(): string {
  return `<g transform="translate(1120 536)"><path fill="#060d18" d="M-46 0 0 -34 46 0v44h-92z"/>
<rect x="-14" y="8" width="28" height="20" fill="#ffc861"/><path stroke="#060d18" stroke-width="3" d="M0 8v20"/>
<path fill="#ffc861" opacity=".22" d="M-14 28h28l22 44h-72z"/></g>`;
}

function birds(color: string): string {
  const one = (x: number, y: number) => `<path d="M${x} ${y}q10 -10 18 0q10 -10 18 0"/>`;
  return `<g fill="none" stroke="${color}" stroke-width="3" stroke-linecap="round">
${one(1330, 262)}${one(1390, 240)}${one(1290, 300)}</g>`;
}

function contours(): string {
  const lines: string[] = [];
  for (let index = 1; index <= 13; index += 1) {
    const r = index * 62;
    lines.push(`<path d="M${1180 - r} 380 C ${1180 - r} ${380 - r * 0.7} ${1120 - r * 0.3} ${330 - r * 0.62}
 ${1210 + r * 0.1} ${340 - r * 0.55} S ${1190 + r} ${300 - r * 0.2} ${1180 + r * 0.9} ${400 + r * 0.1}
 S ${1240 + r * 0.1} ${430 + r * 0.6} ${1130 - r * 0.2} ${420 + r * 0.55} S ${1180 - r} ${460 + r * 0.3} ${1180 - r} 380Z"/>`);
  }
  return `<g fill="none" stroke="#cfe04a" stroke-opacity=".22" stroke-width="2.5">${lines.join("\n")}</g>`;
}

/** A needle and its thread, sewing the contour lines together. */
function needle(): string {
  return `<path fill="none" stroke="#f0a33b" stroke-width="5" stroke-linecap="round" stroke-dasharray="34 22"
 d="M1020 660 C 1120 560 1080 430 1190 390 S 1330 250 1400 196"/>
<path fill="#e9eeeb" d="M1396 200 1490 96q8 -8 12 -2t-4 12L1404 206z"/>
<path stroke="#26413c" stroke-width="3" stroke-linecap="round" d="M1478 118l14 -15"/>`;
}
