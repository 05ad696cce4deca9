/** What a tick of a sync costs: CPU of the isolate's process, with Adobe and KV of its own, so that nothing else is in it. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { findWorkerds, readCpuMs } from "../bench/contestant.ts";
import { TOKEN as ADMIN_TOKEN, HOST, post, withToken } from "./dashboard.ts";
import { type Edge, startEdge } from "./edge.ts";

const TICKS = 9;

/** An entry is as long as Adobe's are with a definition of middling length: 1.2 KB. */
const AUDIENCES = `
  const entry = (n) => ({
    id: "aaaaaaaa-0000-4000-8000-" + String(n).padStart(12, "0"),
    schema: { name: "_xdm.context.profile" },
    sandbox: { sandboxId: "28e74200-e3de-11e9-8f5d-7f27416c5f0d", sandboxName: "prod", default: true },
    isSystem: false,
    name: "Audience " + n,
    description: "One of very many",
    expression: { type: "PQL", format: "pql/text", value: "x".repeat(500) },
    type: "SegmentDefinition",
    originName: "REAL_TIME_CUSTOMER_PROFILE",
    lifecycleState: "published",
    evaluationInfo: { batch: { enabled: false }, continuous: { enabled: true }, synchronous: { enabled: true } },
    createdBy: "6ED34F6FFE214A30@techacct.adobe.com",
    creationTime: 1763721720000,
    updateTime: 1763721720000,
    labels: [], dependents: [], dependencies: [],
  });
  const pages = Array.from({ length: 40 }, (_, page) => JSON.stringify({
    children: Array.from({ length: 100 }, (_, n) => entry(page * 100 + n)),
    _page: { totalCount: 4000, start: String(page), ...(page < 39 ? { next: String(page + 1) } : {}) },
  }));`;

const script = `import worker, { Control as Intact } from "./worker.js";
  ${AUDIENCES}
  const bytes = pages.map((page) => new TextEncoder().encode(page));
  globalThis.fetch = async (url) => {
    if (url.includes("/ims/token")) return Response.json({ access_token: "t", expires_in: 86399 });
    return new Response(bytes[Number(new URL(url).searchParams.get("start"))]);
  };
  const KV = { get: async () => null, put: async () => {} };
  export class Control extends Intact {
    constructor(state, env) { super(state, { ...env, KV }); }
  }
  export default worker;`;

let edge: Edge;
let pid: number | undefined;

beforeAll(async () => {
  const before = new Set(findWorkerds());
  const account = {
    organizationId: "0123456789ABCDEF@AdobeOrg",
    imsUrl: "http://adobe.test",
    platformUrl: "http://adobe.test",
  };
  edge = await startEdge({
    script,
    bindings: {
      WEBSITES: { main: { hosts: ["shop.test"], adobe: account } },
      ADMIN_HOST: HOST,
      ADMIN_TOKEN,
      ADOBE_CLIENT_ID: "client",
      ADOBE_CLIENT_SECRET: "client-secret",
    },
  });
  pid = findWorkerds().find((one) => !before.has(one));
});
afterAll(() => edge.stop());

async function sync() {
  return JSON.parse((await post(edge, "/api/sync", withToken)).text()).reports[0];
}

/** CPU of parsing the same 40 pages here: how fast this machine is at this moment. */
function measureParsing(pages: readonly string[]): number {
  const before = process.cpuUsage();
  for (const page of pages) JSON.parse(page);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

test.runIf(process.platform === "linux")(
  "a tick of 500 audiences stays within 10 ms of CPU, all of the runtime's own included",
  async () => {
    expect(await sync()).toMatchObject({ outcome: "saved", count: 4000, ticks: TICKS });
    expect(pid).toBeTypeOf("number");
    const pages: string[] = new Function(`${AUDIENCES} return pages;`)();
    const [ticks, parsings]: [number[], number[]] = [[], []];
    for (let round = 0; round < 6; round += 1) {
      const before = readCpuMs(pid ?? 0);
      for (let index = 0; index < 8; index += 1) await sync();
      ticks.push((readCpuMs(pid ?? 0) - before) / (8 * TICKS));
      parsings.push(measureParsing(pages));
    }
    // The best round: what others do to this machine's caches is no cost of ours. On a machine that is slower than
    // one which parses the 4.6 MB in 7.5 ms, a tick may cost as much more.
    const allowedMs = 10 * Math.max(1, Math.min(...parsings) / 7.5);
    expect(Math.min(...ticks)).toBeLessThan(allowedMs);
  },
  120_000,
);
