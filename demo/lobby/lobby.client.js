/** The lobby in the browser: frames, what each shopper sees and why, and the switches. */

const port = window.location.port === "" ? "" : `:${window.location.port}`;
const news = document.querySelector("[data-news]");
const shoppers = [...document.querySelectorAll("[data-shopper]")].map((article) => ({
  article,
  name: article.dataset.shopper,
  audiences: article.dataset.audiences,
  by: article.dataset.by ?? "adobe",
  origin: `http://${article.dataset.shopper}.demo.localhost${port}`,
  frame: article.querySelector("iframe"),
}));

for (const link of document.querySelectorAll("[data-host]")) {
  link.href = `http://${link.dataset.host}${port}${link.getAttribute("href")}`;
}

/** Here only what Adobe says counts. */
const verified = shoppers.some((shopper) => shopper.by === "hand");

function tell(shopper, name, text) {
  const place = shopper.article.querySelector(`[data-${name}]`);
  if (place !== null) place.textContent = text;
}

/** Each of the forger's tricks is played anew, and what it was worth stands under it. */
async function playTricks(shopper) {
  const { coupon } = shopper.article.dataset;
  if (coupon === undefined) return;
  const target = `${shopper.origin}/demo/tricks?audiences=${shopper.audiences}&coupon=${coupon}`;
  const worth = await (await fetch(target, { method: "POST", credentials: "include" })).json();
  for (const [trick, text] of Object.entries(worth)) tell(shopper, `trick="${trick}"`, text);
}

async function refresh(shopper) {
  await playTricks(shopper);
  const answer = await fetch(`${shopper.origin}/demo/status`, { credentials: "include" });
  const seen = await answer.json();
  tell(shopper, "hero", seen.hero || "No hero on this page");
  tell(shopper, "total", seen.cartCount === 0 ? "empty" : seen.cartTotal);
  tell(shopper, "before", seen.discounts.length > 0 ? seen.cartSubtotal : "");
  tell(shopper, "discount", seen.discounts.map((one) => one.label).join(", "));
  tell(shopper, "why", seen.why);
}

/** Each shopper becomes who they are on their own host first; after that the frame is a plain visit. */
async function enter(shopper) {
  const become = `/demo/become?audiences=${shopper.audiences}&by=${shopper.by}&to=/`;
  await new Promise((resolve) => {
    shopper.frame.addEventListener("load", resolve, { once: true });
    shopper.frame.src = shopper.origin + become;
  });
  await refresh(shopper);
}

async function reload(shopper) {
  shopper.frame.src = `${shopper.origin}/`;
  await refresh(shopper);
}

const each = (work) => Promise.all(shoppers.map(work));

const acts = {
  async fill() {
    await each(async (shopper) => {
      const target = `${shopper.origin}/demo/cart?product=101&qty=3`;
      await fetch(target, { method: "POST", credentials: "include" });
      await reload(shopper);
    });
    return verified
      ? "Three of the same jacket in each cart. Commerce works the totals out from what the Worker says, and of the forger it says nothing."
      : "Three of the same jacket in each cart, and three totals: Commerce works them out from what the Worker says.";
  },
  async reset() {
    await post("/demo/faults", { adobe: "up", kv: "up", worker: "on" }).then(showFaults);
    await each(async (shopper) => {
      const target = `${shopper.origin}/demo/reset?audiences=${shopper.audiences}&by=${shopper.by}`;
      await fetch(target, { method: "POST", credentials: "include" });
      await reload(shopper);
    });
    return "Empty carts, and everything is up.";
  },
};

const faultNews = {
  adobe: {
    async down() {
      const report = await (await fetch("/demo/sync", { method: "POST" })).json();
      const tried = `A sync was tried just now: ${report.outcome}, “${report.message}”.`;
      return `Adobe answers 503. ${tried} The shop does not notice.`;
    },
    async up() {
      const report = await (await fetch("/demo/sync", { method: "POST" })).json();
      return `Adobe is back. Synced: ${report.message}.`;
    },
  },
  kv: {
    broken: () =>
      "KV fails on every call. The Worker goes on with the copy in its memory, and the shop does not notice.",
    up: () => "KV answers again.",
  },
  worker: {
    off: () =>
      verified
        ? "The Worker is detached: one page for all. Commerce itself believes the cookie, so now the forger gets the discount."
        : "The Worker is detached: three shoppers, one page. The shop stays up; Commerce’s own rules read the cookie.",
    on: () => "The Worker is back in front of the shop.",
  },
};

const opposite = { up: "down", down: "up", on: "off", off: "on", broken: "up" };

async function post(path, body) {
  const answer = await fetch(path, { method: "POST", body: JSON.stringify(body) });
  return answer.json();
}

function showFaults(faults) {
  for (const button of document.querySelectorAll("[data-fault]")) {
    const state = faults[button.dataset.fault];
    button.setAttribute("aria-pressed", String(state !== "up" && state !== "on"));
    button.dataset.state = state;
  }
}

/** One thing at a time: the controls rest while something is going on, and the outcome is said in words. */
async function run(button, work) {
  if (document.body.getAttribute("aria-busy") === "true") return;
  document.body.setAttribute("aria-busy", "true");
  button.classList.add("working");
  try {
    news.textContent = await work();
  } catch {
    news.textContent = "That did not work; is the demo still running?";
  }
  button.classList.remove("working");
  document.body.removeAttribute("aria-busy");
}

for (const button of document.querySelectorAll("[data-act]")) {
  button.addEventListener("click", () => run(button, acts[button.dataset.act]));
}

for (const button of document.querySelectorAll("[data-fault]")) {
  button.addEventListener("click", () =>
    run(button, async () => {
      const { fault, state } = button.dataset;
      const next = fault === "kv" && state === "up" ? "broken" : opposite[state];
      showFaults(await post("/demo/faults", { [fault]: next }));
      const words = await faultNews[fault][next]();
      await each(reload);
      return words;
    }),
  );
}

/** On a phone the three stand in a row to swipe through; the tabs follow, and lead. */
const row = document.querySelector(".shoppers");
const tabs = [...document.querySelectorAll("[data-tab]")];

const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

function pressTab(name) {
  for (const tab of tabs) tab.setAttribute("aria-pressed", String(tab.dataset.tab === name));
}

for (const tab of tabs) {
  tab.addEventListener("click", () => {
    const { article } = shoppers.find((shopper) => shopper.name === tab.dataset.tab);
    row.scrollTo({
      left: article.offsetLeft - row.firstElementChild.offsetLeft,
      behavior: calm ? "auto" : "smooth",
    });
    pressTab(tab.dataset.tab);
  });
}

/** How much of each shopper is in view; on a wide screen all of each, and the first one counts. */
const inView = new Map(shoppers.map((shopper) => [shopper.name, 0]));
const watcher = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) inView.set(entry.target.dataset.shopper, entry.intersectionRatio);
    const most = Math.max(...inView.values());
    pressTab([...inView].find(([, ratio]) => ratio === most)[0]);
  },
  { root: row, threshold: [0, 0.25, 0.5, 0.75, 1] },
);
for (const { article } of shoppers) watcher.observe(article);

showFaults(await (await fetch("/demo/faults")).json());
await each(enter);
