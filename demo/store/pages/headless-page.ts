/** A storefront of its own beside Luma: an empty page whose script talks to nothing but GraphQL. */

import { answer } from "../answer.ts";
import { theme, type Visit } from "../visit.ts";
import { webSdkTag } from "./layout.ts";

export function serveHeadless(visit: Visit): Promise<Response> {
  return answer(visit, {
    type: "text/html; charset=UTF-8",
    caching: { kind: "private" },
    body: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>Tarnfell, headless</title>
<link rel="icon" type="image/svg+xml" href="${theme(visit, "Magento_Theme/favicon.svg")}"/>
<link rel="stylesheet" href="${theme(visit, "css/headless.css")}"/>
<script type="module" src="${theme(visit, "js/headless.js")}"></script>${webSdkTag(visit)}
</head>
<body>
<header class="bar"><a class="brand" href="${visit.base}headless/"><img
   src="${theme(visit, "images/logo.svg")}" alt="" width="30" height="30"/>Tarnfell</a>
<p class="bar-note">This page asks only <code>/graphql</code></p>
<a class="bar-cart" href="#basket" aria-live="polite" data-cart-count>0 in the cart</a></header>
<main>
<section class="intro"><h1 data-hero-title>Tarnfell</h1><p data-hero-text></p></section>
<div class="split">
<section aria-labelledby="range"><h2 id="range">The range</h2><ul class="range" data-products
   aria-busy="true"></ul></section>
<section class="basket" aria-labelledby="basket"><h2 id="basket" tabindex="-1">Cart</h2><div data-cart></div>
<form class="coupon" data-coupon><label for="code">Coupon</label><ul class="coupons" data-coupons
   aria-label="Coupons in the cart"></ul><div class="coupon-entry"><input id="code" name="code" required
   maxlength="255" autocomplete="off" autocapitalize="characters" spellcheck="false"
   placeholder="WELCOME10" aria-describedby="problem"/><button>Apply</button></div></form>
<p class="problem" id="problem" data-problem role="alert"></p>
<details class="wire"><summary>Last request</summary><pre data-wire tabindex="0"></pre></details></section>
</div>
</main>
</body>
</html>
`,
  });
}
