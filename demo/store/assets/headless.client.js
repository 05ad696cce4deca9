// A headless storefront in one file: it asks GraphQL, and nothing else.
const cartKey = "tarnfell-headless-cart";
const place = (name) => document.querySelector(`[data-${name}]`);

const cartFields = `id total_quantity applied_coupons { code }
  items { uid quantity product { name sku } prices { row_total { value currency } } }
  prices { subtotal_excluding_tax { value currency } discounts { label amount { value currency } coupon { code } }
    grand_total { value currency } }`;

const price = ({ value }) =>
  new Intl.NumberFormat("en", { style: "currency", currency: "USD" }).format(value);

const element = (tag, className, ...children) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
};

/** Queries that everybody shares go by GET, so that a cache may keep them; a cart goes by POST. */
async function ask(query, variables, method = "POST") {
  const url = new URL("/graphql", window.location.href);
  let response;
  if (method === "GET") {
    url.searchParams.set("query", query);
    url.searchParams.set("variables", JSON.stringify(variables ?? {}));
    response = await fetch(url);
  } else {
    const body = JSON.stringify({ query, variables });
    response = await fetch(url, { method, headers: { "Content-Type": "application/json" }, body });
  }
  const answer = await response.json();
  if (method === "POST") place("wire").textContent = `${query}\n\n${JSON.stringify(answer, null, 1)}`;
  if (answer.errors?.length > 0) throw new Error(answer.errors[0].message);
  return answer.data;
}

async function openCart() {
  const known = localStorage.getItem(cartKey);
  if (known !== null) {
    const found = await ask(`query ($id: String!) { cart(cart_id: $id) { ${cartFields} } }`, {
      id: known,
    }).catch(() => null);
    if (found !== null) return found.cart;
  }
  const { createEmptyCart } = await ask("mutation { createEmptyCart }");
  localStorage.setItem(cartKey, createEmptyCart);
  return { id: createEmptyCart, total_quantity: 0, items: [], applied_coupons: null, prices: null };
}

function line(label, amount, className = "") {
  return element("li", className, element("span", "", label), element("span", "amount", amount));
}

function showCart(cart) {
  place("cart-count").textContent = String(cart.total_quantity);
  if (cart.items.length === 0) {
    place("cart").replaceChildren(
      element("p", "empty", "Nothing yet. Three of the same make the rules interesting."),
    );
    return;
  }
  const rows = element("ul", "lines");
  for (const item of cart.items) {
    const remove = element("button", "remove", "Remove");
    remove.setAttribute("aria-label", `Remove ${item.product.name}`);
    remove.addEventListener("click", () =>
      change(removal, { id: cart.id, uid: item.uid }, "removeItemFromCart"),
    );
    const row = line(`${item.quantity} × ${item.product.name}`, price(item.prices.row_total));
    row.append(remove);
    rows.append(row);
  }
  const sums = element("ul", "sums", line("Subtotal", price(cart.prices.subtotal_excluding_tax)));
  for (const discount of cart.prices.discounts ?? []) {
    sums.append(line(discount.label, `−${price(discount.amount)}`, "discount"));
  }
  sums.append(line("Total", price(cart.prices.grand_total), "grand"));
  place("cart").replaceChildren(rows, sums);
}

const addition = `mutation ($id: String!, $sku: String!) {
  addProductsToCart(cartId: $id, cartItems: [{ sku: $sku, quantity: 1 }]) {
    cart { ${cartFields} } user_errors { code message } } }`;
const removal = `mutation ($id: String!, $uid: ID!) {
  removeItemFromCart(input: { cart_id: $id, cart_item_uid: $uid }) { cart { ${cartFields} } } }`;
const coupon = `mutation ($id: String!, $code: String!) {
  applyCouponToCart(input: { cart_id: $id, coupon_code: $code }) { cart { ${cartFields} } } }`;

async function change(mutation, variables, field) {
  place("problem").textContent = "";
  try {
    const data = await ask(mutation, variables);
    const [problem] = data[field].user_errors ?? [];
    if (problem !== undefined) place("problem").textContent = problem.message;
    showCart(data[field].cart);
  } catch (error) {
    place("problem").textContent = error.message;
  }
}

function showProducts(items) {
  const cards = items.map((item) => {
    const image = element("img");
    Object.assign(image, {
      src: item.image.url,
      alt: item.image.label,
      width: 240,
      height: 300,
      loading: "lazy",
    });
    const add = element("button", "add", "Add");
    add.setAttribute("aria-label", `Add ${item.name}`);
    add.addEventListener("click", async () => {
      const { id } = await openCart();
      await change(addition, { id, sku: item.sku }, "addProductsToCart");
    });
    const amount = price(item.price_range.minimum_price.final_price);
    const foot = element("div", "foot", element("span", "price", amount), add);
    return element("li", "", image, element("h3", "", item.name), foot);
  });
  place("products").replaceChildren(...cards);
  place("products").removeAttribute("aria-busy");
}

place("coupon").addEventListener("submit", async (event) => {
  event.preventDefault();
  const code = new FormData(event.target).get("code");
  const { id } = await openCart();
  await change(coupon, { id, code }, "applyCouponToCart");
});

async function start() {
  const shop = await ask(
    `{ cmsPage(identifier: "home") { content_heading }
       cmsBlocks(identifiers: ["home-hero"]) { items { title content } }
       products(filter: {}, pageSize: 12, sort: { position: ASC }) { items {
         sku name image { url label } price_range { minimum_price { final_price { value currency } } } } } }`,
    {},
    "GET",
  );
  const [hero] = shop.cmsBlocks.items;
  const words = new DOMParser().parseFromString(hero.content, "text/html");
  place("hero-title").textContent = hero.title;
  place("hero-text").textContent = words.querySelector("p")?.textContent ?? "";
  showProducts(shop.products.items);
  showCart(await openCart());
}

start().catch((error) => {
  place("problem").textContent = error.message;
});
