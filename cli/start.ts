/** `npm start`: the product with the embedded demo behind it, on this machine alone. */

import { createServer } from "node:net";
import { parseArgs, styleText } from "node:util";
import { demoKeys, signing } from "../demo/edge-settings.ts";
import { type RunningDemo, startDemo } from "../demo/run.ts";

const firstPort = 8787;
const vip = "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31";

const help = `npm start -- [--verified | --stock] [--port N] [--log]
  --verified   only what Adobe itself says counts: the Web SDK runs in the pages, and a forger joins the lobby
  --stock      the same before a Commerce without Adobe's extension: the discounts are offers of the campaigns
  --port N     listen there, and nowhere else (default: ${firstPort}, or the next free one)
  --log        print the Worker's log lines
`;

interface Options {
  /** Null: the first free one from 8787 on. */
  readonly port: number | null;
  readonly log: boolean;
  readonly verified: boolean;
  readonly stock: boolean;
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === null) return;
  const port = options.port ?? (await findFreePort(firstPort));
  if (!(await isFree(port))) throw new Error(`port ${port} is taken; leave --port out for the next free one`);
  const demo = await startDemo({
    port,
    bindings: signing,
    ...(options.verified && { trust: "verified" }),
    ...(options.stock && { store: { edition: "opensource" } }),
    ...(options.log && { onLog: (line: string) => console.log(line) }),
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // Miniflare's own handler would end this process at once and as a failure.
    process.removeAllListeners(signal);
    process.once(signal, () => demo.stop().then(() => process.exit(0), fail));
  }
  const cart = await fillCart(demo);
  process.stdout.write(welcome(port, cart, options));
}

function readOptions(): Options | null {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      log: { type: "boolean" },
      verified: { type: "boolean" },
      stock: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return null;
  }
  const port = values.port === undefined ? null : Number(values.port);
  if (port !== null && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new Error(`--port: a number from 1 to 65535, not "${values.port}"`);
  }
  const { log = false, stock = false, verified = stock } = values;
  return { port, log, verified, stock };
}

async function findFreePort(from: number): Promise<number> {
  for (let port = from; port < from + 50; port += 1) if (await isFree(port)) return port;
  throw new Error(`no free port from ${from} to ${from + 49}; name one with --port`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** A cart with three jackets, so that the third curl line has something to ask about. */
async function fillCart({ url }: RunningDemo): Promise<string> {
  const created = await ask<{ createEmptyCart: string }>(url, "mutation { createEmptyCart }");
  const id = created.createEmptyCart;
  await ask(
    url,
    `mutation { addProductsToCart(cartId: "${id}", cartItems: [{ sku: "TF-101", quantity: 3 }]) { cart { id } } }`,
  );
  return id;
}

async function ask<T>(url: string, query: string): Promise<T> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}/graphql`, { method: "POST", headers, body: JSON.stringify({ query }) });
  const { data } = (await answer.json()) as { data: T };
  return data;
}

function welcome(port: number, cart: string, { verified }: Options): string {
  const at = (host: string, path = "/") => `http://${host}:${port}${path}`;
  const shop = at("localhost");
  const bold = (text: string) => styleText("bold", text);
  const dim = (text: string) => styleText("dim", text);
  const place = (style: (text: string) => string, address: string, what: string) =>
    `  ${style(address)}${" ".repeat(45 - address.length)}${what}`;
  const hero = `| grep -o 'hero-title">[^<]*'`;
  const query = `{ cart(cart_id: \\"${cart}\\") { prices { grand_total { value } discounts { label } } } }`;
  const lines = [
    "",
    `  ${bold("Edge Audiences")} is running in front of a pretend shop. Nothing leaves this machine.`,
    "",
    place(
      bold,
      at("demo.localhost"),
      verified ? "start here: one page, three shoppers and a forger" : "start here: one page, three shoppers",
    ),
    place(String, at("localhost"), "the shop"),
    place(String, at("vip.demo.localhost", "/headless/"), "the same shop, headless"),
    place(String, at("admin.localhost"), `the dashboard; its token: ${demoKeys.ADMIN_TOKEN}`),
    "",
    dim("  # the hero of a guest"),
    `  curl -s ${shop} ${hero}`,
    "",
    dim(
      verified
        ? "  # who only says to be a VIP: nothing changes"
        : "  # the hero of a VIP, at the same address",
    ),
    `  curl -s ${shop} -b aep-segments-membership=${vip} ${hero}`,
    "",
    dim(
      verified
        ? "  # a headless cart of $720: a header that anybody can write takes nothing off"
        : "  # a headless cart of $720: what a VIP pays (leave the aep header out for what a guest pays)",
    ),
    `  curl -s ${at("localhost", "/graphql")} -H 'aep-segments-membership: ${vip}' \\`,
    `    -H 'content-type: application/json' -d '{"query":"${query}"}'`,
    "",
    ...(verified
      ? []
      : [
          dim("  What a browser claims counts here, as with Adobe's own extension."),
          dim("  Where only Adobe's word does: npm start -- --verified"),
          "",
        ]),
    dim("  Stop with Ctrl+C."),
    "",
    "",
  ];
  return lines.join("\n");
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

main().catch(fail);
