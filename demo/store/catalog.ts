/** What the shop sells, and in which categories. */

export interface Category {
  readonly id: number;
  readonly key: "women" | "men" | "accessories";
  readonly intro: string;
}

export type Garment =
  | "shell"
  | "down"
  | "anorak"
  | "fleece"
  | "vest"
  | "crew"
  | "tee"
  | "trousers"
  | "beanie"
  | "socks"
  | "mitts"
  | "pack";

export interface Colors {
  readonly name: string;
  readonly main: string;
  readonly trim: string;
  readonly accent: string;
  readonly ground: string;
}

export interface Product {
  readonly id: number;
  readonly sku: string;
  readonly name: string;
  /** `<key>.html` is the product's page. */
  readonly key: string;
  readonly cents: number;
  readonly categories: readonly Category["key"][];
  readonly garment: Garment;
  readonly colors: Colors;
  readonly blurb: string;
  readonly description: string;
  readonly details: readonly string[];
}

export const categories: readonly Category[] = [
  {
    id: 3,
    key: "women",
    intro: "Cut for hips and shoulders that climb. Every piece comes with free repairs.",
  },
  { id: 4, key: "men", intro: "Layers that start dry and stay that way, from first bus to last light." },
  { id: 5, key: "accessories", intro: "The small things that decide how long you stay out." },
];

export const products: readonly Product[] = [
  {
    id: 101,
    sku: "TF-101",
    name: "Stormline Shell Jacket",
    key: "stormline-shell-jacket",
    cents: 24000,
    categories: ["women", "men"],
    garment: "shell",
    colors: { name: "Fir", main: "#2c6a52", trim: "#204f3e", accent: "#cfe04a", ground: "#dfe9e2" },
    blurb: "Three layers, taped seams, a hood that turns with your head.",
    description:
      "The jacket we reach for when the forecast is a shrug. It is quiet to walk in and packs to a loaf.",
    details: ["Three-layer recycled shell, 20,000 mm", "Pit zips and a two-way front zip", "410 g in size M"],
  },
  {
    id: 102,
    sku: "TF-102",
    name: "Corrie Down Jacket",
    key: "corrie-down-jacket",
    cents: 28000,
    categories: ["women", "men"],
    garment: "down",
    colors: { name: "Ember", main: "#c4572b", trim: "#9d4220", accent: "#2b2f3a", ground: "#f3e2d6" },
    blurb: "Warm before the kettle is. Folds into its own pocket.",
    description:
      "Responsibly sourced 750-fill down in small baffles, so that the warmth stays where you are cold.",
    details: ["750-fill traceable down", "Water-repellent recycled face", "365 g in size M"],
  },
  {
    id: 103,
    sku: "TF-103",
    name: "Lowland Rain Anorak",
    key: "lowland-rain-anorak",
    cents: 16500,
    categories: ["women"],
    garment: "anorak",
    colors: { name: "Lichen", main: "#c9b43a", trim: "#a8942a", accent: "#26413c", ground: "#f1eed8" },
    blurb: "A pullover for wet lanes and long dogs.",
    description:
      "Cotton-soft, fully waterproof, with one big pocket for a map, a sandwich or a small dog's lead.",
    details: ["Two-layer waterproof, 10,000 mm", "Kangaroo pocket with dry lining", "Drop hem"],
  },
  {
    id: 201,
    sku: "TF-201",
    name: "Rannoch Half-Zip Fleece",
    key: "rannoch-half-zip-fleece",
    cents: 11000,
    categories: ["women", "men"],
    garment: "fleece",
    colors: { name: "Oat", main: "#d8c9ac", trim: "#7d5a3c", accent: "#38564a", ground: "#f2eee5" },
    blurb: "High pile, low fuss. The one that gets borrowed.",
    description: "Deep recycled fleece that dries on a radiator overnight and forgives every campfire.",
    details: ["100 % recycled polyester pile", "Reinforced shoulders", "Chest pocket with press stud"],
  },
  {
    id: 202,
    sku: "TF-202",
    name: "Gale Insulated Vest",
    key: "gale-insulated-vest",
    cents: 13000,
    categories: ["women", "men"],
    garment: "vest",
    colors: { name: "Slate", main: "#51677a", trim: "#3b4d5d", accent: "#f0a33b", ground: "#e3e9ee" },
    blurb: "Core warmth, free arms.",
    description: "For the hour either side of sunrise, and for offices that believe in open windows.",
    details: ["Synthetic fill that works when damp", "Two zipped hand pockets", "240 g in size M"],
  },
  {
    id: 301,
    sku: "TF-301",
    name: "Merino Crew Base Layer",
    key: "merino-crew-base-layer",
    cents: 8500,
    categories: ["women", "men"],
    garment: "crew",
    colors: { name: "Tarn", main: "#2f4a63", trim: "#233950", accent: "#e8eef2", ground: "#dde6ec" },
    blurb: "Five days, one shirt, no apologies.",
    description:
      "185-gram merino with flat seams under pack straps. It does not itch and does not tell on you.",
    details: ["185 g/m² merino wool", "Flatlock seams, no side seam", "Machine wash, cool"],
  },
  {
    id: 302,
    sku: "TF-302",
    name: "Dawn Trail Tee",
    key: "dawn-trail-tee",
    cents: 4200,
    categories: ["women", "men"],
    garment: "tee",
    colors: { name: "Heather", main: "#8f6f8f", trim: "#755a76", accent: "#f5d9c0", ground: "#efe6ee" },
    blurb: "Dries faster than you can find the spare.",
    description: "A light running tee with a little merino in it, for climbs that start in the dark.",
    details: ["Merino and recycled polyester", "Drop-back hem", "105 g in size M"],
  },
  {
    id: 401,
    sku: "TF-401",
    name: "Scree Hiking Trousers",
    key: "scree-hiking-trousers",
    cents: 12500,
    categories: ["women", "men"],
    garment: "trousers",
    colors: { name: "Peat", main: "#5b5248", trim: "#443d36", accent: "#b7c34a", ground: "#ebe7e1" },
    blurb: "Stretch where you step, tough where you sit.",
    description: "Articulated knees, a gusset that forgives high stiles, and pockets that hold a map flat.",
    details: ["Four-way stretch, 92 % recycled nylon", "Doubled seat and knees", "Three leg lengths"],
  },
  {
    id: 501,
    sku: "TF-501",
    name: "Hut Beanie",
    key: "hut-beanie",
    cents: 3200,
    categories: ["accessories", "women", "men"],
    garment: "beanie",
    colors: { name: "Rowan", main: "#b3392f", trim: "#8d2a22", accent: "#f2e6d5", ground: "#f4e3df" },
    blurb: "Ribbed lambswool. Smells faintly of woodsmoke by March.",
    description: "Knitted in one piece from undyed and rowan-red lambswool. One size, most heads.",
    details: ["100 % lambswool", "Fold-up cuff", "Made in small batches"],
  },
  {
    id: 502,
    sku: "TF-502",
    name: "Long Way Socks",
    key: "long-way-socks",
    cents: 2200,
    categories: ["accessories"],
    garment: "socks",
    colors: { name: "Moss", main: "#6d7f4d", trim: "#4f5e37", accent: "#f0e3b8", ground: "#e9eddf" },
    blurb: "Cushioned where boots rub, thin where they do not.",
    description:
      "Merino with a terry heel and toe. We have walked these for twenty miles in new boots, twice.",
    details: ["62 % merino", "Left and right fit", "Guaranteed against holes"],
  },
  {
    id: 503,
    sku: "TF-503",
    name: "Ember Mitts",
    key: "ember-mitts",
    cents: 4800,
    categories: ["accessories"],
    garment: "mitts",
    colors: { name: "Bracken", main: "#a8642f", trim: "#7f4a22", accent: "#efe0cb", ground: "#f4e8da" },
    blurb: "Boiled wool that blocks wind and holds heat.",
    description: "Fingers together stay warm together. A leather palm for poles, ropes and hot mugs.",
    details: ["Boiled wool, leather palm", "Long ribbed cuff", "Clip together"],
  },
  {
    id: 504,
    sku: "TF-504",
    name: "Ridge Pack 28 L",
    key: "ridge-pack-28-l",
    cents: 15500,
    categories: ["accessories"],
    garment: "pack",
    colors: { name: "Loch", main: "#24566b", trim: "#193f50", accent: "#f0a33b", ground: "#dfeaee" },
    blurb: "A day's worth of hill, and nothing that rattles.",
    description: "Roll top, one back panel that breathes, and a lid pocket you can reach without stopping.",
    details: ["28 litres, 870 g", "Recycled ripstop", "Removable hip belt"],
  },
];

export function findProduct(
  by: { readonly id: number } | { readonly sku: string } | { readonly key: string },
) {
  if ("id" in by) return products.find((product) => product.id === by.id) ?? null;
  if ("sku" in by) return products.find((product) => product.sku === by.sku) ?? null;
  return products.find((product) => product.key === by.key) ?? null;
}

export function findCategory(key: string): Category | null {
  return categories.find((category) => category.key === key) ?? null;
}

export function productsIn(category: Category): readonly Product[] {
  return products.filter((product) => product.categories.includes(category.key));
}

export function searchProducts(words: string): readonly Product[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return products.filter((product) => {
    const text =
      `${product.name} ${product.sku} ${product.blurb} ${product.categories.join(" ")}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/** The picture's address below `media/`, in the shape of Magento's resized images. */
export function imagePath(sku: string): string {
  const name = sku.toLowerCase();
  return `catalog/product/cache/08c4f2b1d96e73a5/${name.charAt(0)}/${name.charAt(1)}/${name}_main.svg`;
}
