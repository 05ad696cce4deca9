/** Files with a long life: styles, scripts, the typeface and all pictures, with validators and ranges. */

import { wantsGzip } from "./answer.ts";
import checkoutScript from "./assets/checkout.client.js";
import customerDataScript from "./assets/customer-data.client.js";
import typeface from "./assets/familjen-grotesk.woff2";
import headlessScript from "./assets/headless.client.js";
import headlessStyles from "./assets/headless.css";
import requireScript from "./assets/require.client.js";
import storefrontScript from "./assets/storefront.client.js";
import largeStyles from "./assets/styles-l.css";
import smallStyles from "./assets/styles-m.css";
import webSdkScript from "./assets/web-sdk.client.js";
import { openBoundedMap } from "./bounded-map.ts";
import { findProduct } from "./catalog.ts";
import { drawLogo } from "./logo.ts";
import { drawPlaceholder, drawProduct } from "./product-art.ts";
import { drawScene } from "./scenery.ts";
import { deployedVersion, type StoreEnv } from "./visit.ts";

interface Asset {
  readonly type: string;
  readonly bytes: Uint8Array;
  readonly etag: string;
}

const css = "text/css";
const script = "application/javascript";
const svg = "image/svg+xml";
const loaded = openBoundedMap<Asset>(100);

/** `static/version…/frontend/<vendor>/<theme>/<locale>/<file>`, without what stands before the file. */
const themeFiles: Readonly<Record<string, (env: StoreEnv) => { type: string; body: string | Uint8Array }>> = {
  "css/styles-m.css": () => ({ type: css, body: smallStyles }),
  "css/styles-l.css": () => ({ type: css, body: largeStyles }),
  "css/headless.css": () => ({ type: css, body: headlessStyles }),
  "requirejs/require.js": () => ({ type: script, body: requireScript }),
  "mage/requirejs/mixins.js": () => ({ type: script, body: "/* no mixins in this theme */\n" }),
  "requirejs-config.js": () => ({
    type: script,
    body: "(function (require) { require.config({}); })(require);\n",
  }),
  "js/customer-data.js": () => ({ type: script, body: customerDataScript }),
  "js/storefront.js": () => ({ type: script, body: storefrontScript }),
  "js/checkout.js": () => ({ type: script, body: checkoutScript }),
  "js/web-sdk.js": () => ({ type: script, body: webSdkScript }),
  "js/alloy.js": ({ WEB_SDK_SCRIPT }) => ({
    type: script,
    body: WEB_SDK_SCRIPT ?? "/* not in this shop */\n",
  }),
  "js/headless.js": () => ({ type: script, body: headlessScript }),
  "fonts/familjen-grotesk.woff2": () => ({ type: "font/woff2", body: typeface }),
  "images/logo.svg": () => ({ type: svg, body: drawLogo() }),
  "Magento_Theme/favicon.svg": () => ({ type: svg, body: drawLogo("mark") }),
};

interface Asked {
  readonly pathname: string;
  readonly nowMs: number;
  readonly env: StoreEnv;
}

/** Null when no such file exists. A missing product picture is a placeholder, as in Magento. */
export function serveAsset(request: Request, { pathname, nowMs, env }: Asked): Response | null {
  const asset = findAsset(pathname, env);
  if (asset === null) return null;
  const headers = new Headers({
    "content-type": asset.type,
    "cache-control": "max-age=31536000, public",
    expires: new Date(nowMs + 31_536_000_000).toUTCString(),
    "last-modified": new Date(deployedVersion * 1000).toUTCString(),
    etag: asset.etag,
    "x-frame-options": "SAMEORIGIN",
  });
  if (isKnown(request, asset)) return new Response(null, { status: 304, headers });
  const range = readRange(request.headers.get("range"), asset.bytes.length);
  if (range !== null) {
    headers.set("content-range", `bytes ${range.first}-${range.last}/${asset.bytes.length}`);
    return new Response(bodyOf(request, asset.bytes.subarray(range.first, range.last + 1)), {
      status: 206,
      headers,
    });
  }
  headers.set("vary", "Accept-Encoding");
  if (asset.type !== "font/woff2" && wantsGzip(request) && request.method !== "HEAD") {
    headers.set("content-encoding", "gzip");
    // nginx weakens the validator of what it compresses.
    headers.set("etag", `W/${asset.etag}`);
    const zipped = new Blob([asset.bytes]).stream().pipeThrough(new CompressionStream("gzip"));
    return new Response(zipped, { headers, encodeBody: "manual" });
  }
  headers.set("accept-ranges", "bytes");
  if (request.method === "HEAD") headers.set("content-length", String(asset.bytes.length));
  return new Response(bodyOf(request, asset.bytes), { headers });
}

function findAsset(pathname: string, env: StoreEnv): Asset | null {
  const known = loaded.get(pathname);
  if (known !== undefined) return known;
  const source = findSource(pathname, env);
  if (source === null) return null;
  const bytes = typeof source.body === "string" ? new TextEncoder().encode(source.body) : source.body;
  const asset = { type: source.type, bytes, etag: `"${fingerprint(bytes)}"` };
  loaded.set(pathname, asset);
  return asset;
}

function findSource(pathname: string, env: StoreEnv): { type: string; body: string | Uint8Array } | null {
  const theme = /^\/static\/version\d+\/frontend\/Tarnfell\/fell\/[a-z]{2}_[A-Z]{2}\/(.+)$/.exec(pathname);
  if (theme !== null) return themeFiles[theme[1] ?? ""]?.(env) ?? null;
  const scene = /^\/media\/wysiwyg\/([a-z-]+)\.svg$/.exec(pathname);
  if (scene !== null) {
    const body = drawScene(scene[1] ?? "");
    return body === null ? null : { type: svg, body };
  }
  if (!pathname.startsWith("/media/catalog/product/")) return null;
  const sku = /\/([a-z0-9-]+)_main\.svg$/.exec(pathname)?.[1]?.toUpperCase() ?? "";
  const product = findProduct({ sku });
  return {
    type: svg,
    body: product === null ? drawPlaceholder() : drawProduct(product.garment, product.colors),
  };
}

function isKnown(request: Request, asset: Asset): boolean {
  const tags = request.headers.get("if-none-match");
  if (tags !== null) return tags.split(",").some((tag) => tag.trim().replace(/^W\//, "") === asset.etag);
  const since = Date.parse(request.headers.get("if-modified-since") ?? "");
  return since >= deployedVersion * 1000;
}

function readRange(
  header: string | null,
  total: number,
): { readonly first: number; readonly last: number } | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (match === null || (match[1] === "" && match[2] === "")) return null;
  const first = match[1] === "" ? Math.max(0, total - Number(match[2])) : Number(match[1]);
  const last = match[1] === "" || match[2] === "" ? total - 1 : Math.min(total - 1, Number(match[2]));
  return first <= last && first < total ? { first, last } : null;
}

function bodyOf(request: Request, bytes: Uint8Array): Uint8Array | null {
  return request.method === "HEAD" ? null : bytes;
}

/** FNV-1a over the bytes, with the length: enough to tell two deployments of a demo apart. */
function fingerprint(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `${hash.toString(16)}-${bytes.length.toString(16)}`;
}
