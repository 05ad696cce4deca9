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

/** One change after the other: two quick clicks must not make two carts. */
let queue = Promise.resolve();
const inTurn = (work) => {
  queue = queue.then(work).catch((error) => {
    place("problem").textContent = error.message;
  });
  return queue;
};

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

const button = (className, words, label, onClick) => {
  const made = element("button", className, words);
  made.type = "button";
  made.setAttribute("aria-label", label);
  // A change draws the cart anew; what was clicked gets the focus again.
  made.dataset.key = label;
  made.addEventListener("click", onClick);
  return made;
};

function line(label, amount, className = "") {
  return element("li", className, element("span", "", label), element("span", "amount", amount));
}

function itemRow(item) {
  const { name } = item.product;
  const set = (quantity) => () => change("updateCartItems", { uid: item.uid, quantity });
  const fewer = button("step", "−", `One ${name} fewer`, set(item.quantity - 1));
  const more = button("step", "+", `One more ${name}`, set(item.quantity + 1));
  const count = element("span", "quantity", String(item.quantity));
  const remove = button("plain", "Remove", `Remove ${name}`, () =>
    change("removeItemFromCart", { uid: item.uid }),
  );
  const row = line(name, price(item.prices.row_total));
  row.append(element("div", "steps", fewer, count, more, remove));
  return row;
}

function showCart(cart) {
  const { prices, applied_coupons: coupons } = cart;
  const focused = document.activeElement?.dataset?.key;
  const total = cart.items.length === 0 ? "" : ` · ${price(prices.grand_total)}`;
  place("cart-count").textContent = `${cart.total_quantity} in the cart${total}`;
  place("coupons").replaceChildren(
    ...(coupons ?? []).map(({ code }) =>
      element(
        "li",
        "",
        element("span", "code", code),
        button("plain", "Remove", `Remove coupon ${code}`, () => change("removeCouponFromCart")),
      ),
    ),
  );
  if (cart.items.length === 0) {
    place("cart").replaceChildren(
      element("p", "empty", "Nothing yet. Three of the same make the rules interesting."),
    );
  } else {
    const sums = element("ul", "sums", line("Subtotal", price(prices.subtotal_excluding_tax)));
    for (const discount of prices.discounts ?? []) {
      sums.append(line(discount.label, `−${price(discount.amount)}`, "discount"));
    }
    sums.append(line("Total", price(prices.grand_total), "grand"));
    place("cart").replaceChildren(element("ul", "lines", ...cart.items.map(itemRow)), sums);
  }
  if (focused === undefined || document.activeElement !== document.body) return;
  const again = document.querySelector(`[data-key="${CSS.escape(focused)}"]`);
  (again ?? document.getElementById("basket")).focus();
}

const mutations = {
  addProductsToCart: `mutation ($id: String!, $sku: String!, $quantity: Float!) {
  addProductsToCart(cartId: $id, cartItems: [{ sku: $sku, quantity: $quantity }]) {
    cart { ${cartFields} } user_errors { code message } } }`,
  updateCartItems: `mutation ($id: String!, $uid: ID!, $quantity: Float!) {
  updateCartItems(input: { cart_id: $id, cart_items: [{ cart_item_uid: $uid, quantity: $quantity }] }) {
    cart { ${cartFields} } } }`,
  removeItemFromCart: `mutation ($id: String!, $uid: ID!) {
  removeItemFromCart(input: { cart_id: $id, cart_item_uid: $uid }) { cart { ${cartFields} } } }`,
  applyCouponToCart: `mutation ($id: String!, $code: String!) {
  applyCouponToCart(input: { cart_id: $id, coupon_code: $code }) { cart { ${cartFields} } } }`,
  removeCouponFromCart: `mutation ($id: String!) {
  removeCouponFromCart(input: { cart_id: $id }) { cart { ${cartFields} } } }`,
};

function change(field, variables = {}) {
  return inTurn(async () => {
    place("problem").textContent = "";
    const id = localStorage.getItem(cartKey) ?? (await openCart()).id;
    const data = await ask(mutations[field], { id, ...variables });
    const [problem] = data[field].user_errors ?? [];
    if (problem !== undefined) place("problem").textContent = problem.message;
    showCart(data[field].cart);
  });
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
    const add = (quantity) => () => change("addProductsToCart", { sku: item.sku, quantity });
    const one = button("add", "Add", `Add ${item.name}`, add(1));
    const three = button("add three", "Add 3", `Add three ${item.name}`, add(3));
    const amount = price(item.price_range.minimum_price.final_price);
    const foot = element("div", "foot", element("span", "price", amount), one, three);
    return element("li", "", image, element("h3", "", item.name), foot);
  });
  place("products").replaceChildren(...cards);
  place("products").removeAttribute("aria-busy");
}

place("coupon").addEventListener("submit", async (event) => {
  event.preventDefault();
  const code = new FormData(event.target).get("code");
  await change("applyCouponToCart", { code });
  if (place("problem").textContent === "") event.target.reset();
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

inTurn(start);
