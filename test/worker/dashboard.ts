/** A dashboard for the tests: the edge with ADMIN_HOST, a pretend Adobe, and three audiences in KV. */

import type { ServerResponse } from "node:http";
import { type Answer, type Edge, startEdge } from "./edge.ts";
import { type Origin, type SeenRequest, startOrigin } from "./origin.ts";

export const TOKEN = "the-token-of-the-operator";
export const HOST = "admin.localhost";
export const HOUR_MS = 3_600_000;
export const ORGANIZATION = "97D1F3F459CE0AD80A495CBE@AdobeOrg";
export const LIST_KEY = `audiences:${ORGANIZATION}:prod`;
export const REPORT_KEY = `sync-report:${ORGANIZATION}:prod`;

/** The one script that a page may have. */
export const LIVE_SEARCH = /<script type="module" src="\/search\.[0-9a-f]{8}\.js"><\/script>/;

/** As KV holds it (docs/kv.md). */
export const VIP = {
  id: "6f1c0d3e-0b52-4a7b-9a52-0c2f6f0d7a01",
  name: "VIP",
  description: "",
  origin: "Experience Platform",
  lastModified: "2026-11-21T10:42:00.000Z",
  lifecycle: "published",
  evaluation: ["edge"],
};
export const BARGAIN = {
  ...VIP,
  id: "b3d7a9c2",
  name: "bargain hunters",
  origin: "Custom upload",
  lastModified: "2025-01-05T23:05:00.000Z",
  evaluation: ["batch"],
};
export const UNDATED = { ...VIP, id: "no-date", name: "Árbol", lastModified: null };

/** Synced two hours ago. */
export function listOf(audiences: readonly unknown[]): string {
  return JSON.stringify({ syncedAt: new Date(Date.now() - 2 * HOUR_MS).toISOString(), audiences });
}

/** Adobe's side: it also stands for the shop's origin, which only one test asks. */
export interface Adobe extends Origin {
  /** The names of the audiences that it has, given out in pages of two. */
  held: readonly string[];
}

export async function startAdobe(): Promise<Adobe> {
  const answer = ({ url }: SeenRequest, response: ServerResponse) => {
    response.end(
      JSON.stringify(url === "/ims/token/v3" ? { access_token: "of-adobe" } : pageOf(adobe.held, url)),
    );
  };
  const adobe: Adobe = Object.assign(await startOrigin(answer), { held: [] });
  return adobe;
}

function pageOf(held: readonly string[], url: string) {
  const start = Number(new URL(url, "http://adobe").searchParams.get("start"));
  const names = held.slice(start, start + 2);
  const children = names.map((name) => ({ id: `id-${name}`, name, updateTime: 1_763_721_720_000 }));
  return { children, _page: { next: start + 2 < held.length ? start + 2 : 0 } };
}

export interface DashboardOptions {
  readonly adobe: Adobe;
  readonly host?: string;
  readonly token?: string | null;
  readonly kv?: Readonly<Record<string, string>>;
  /** Website codes and the sandbox of each; null: no Adobe account. */
  readonly websites?: Readonly<Record<string, string | null>>;
  readonly script?: string;
  readonly control?: "bound" | "unbound";
  /** Over the settings of each website. */
  readonly website?: Readonly<Record<string, unknown>>;
  /** Further secrets. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, unknown>>;
}

export function openDashboard(options: DashboardOptions): Promise<Edge> {
  const { adobe, host = HOST, token = TOKEN, websites = { shop: "prod" }, script, website } = options;
  const settings = Object.entries(websites).map(([code, sandbox]) => {
    const account = { organizationId: ORGANIZATION, sandbox, imsUrl: adobe.url, platformUrl: adobe.url };
    const own = { hosts: [`${code}.test`], origin: adobe.url, adobe: sandbox === null ? null : account };
    return [code, { ...own, ...website }];
  });
  return startEdge({
    bindings: {
      WEBSITES: Object.fromEntries(settings),
      ADMIN_HOST: host,
      ADOBE_CLIENT_ID: "client",
      ADOBE_CLIENT_SECRET: "client-secret",
      ...(token === null ? {} : { ADMIN_TOKEN: token }),
      ...options.vars,
      ...options.secrets,
    },
    kv: options.kv ?? { [LIST_KEY]: listOf([BARGAIN, VIP, UNDATED]) },
    ...(script === undefined ? {} : { script }),
    ...(options.control === undefined ? {} : { control: options.control }),
  });
}

/** The dashboards of one file of tests, in front of one pretend Adobe. */
export interface Dashboards {
  readonly adobe: Adobe;
  open(options?: Partial<DashboardOptions>): Promise<Edge>;
  /** Adobe, and all that were opened. */
  stop(): Promise<void>;
}

/** `common`: what each of them is opened with, unless told otherwise. */
export async function startDashboards(common: Partial<DashboardOptions> = {}): Promise<Dashboards> {
  const adobe = await startAdobe();
  const edges: Edge[] = [];
  return {
    adobe,
    async open(options = {}) {
      const edge = await openDashboard({ adobe, ...common, ...options });
      edges.push(edge);
      return edge;
    },
    async stop() {
      await Promise.all([adobe.stop(), ...edges.map((edge) => edge.stop())]);
    },
  };
}

export type Lines = readonly (readonly [string, string])[];
export const withToken: Lines = [["authorization", `Bearer ${TOKEN}`]];
export const ownPage: Lines = [["sec-fetch-site", "same-origin"]];

export function get(edge: Edge, path: string, headers: Lines = []): Promise<Answer> {
  return edge.send(path, { host: HOST, headers });
}

export function post(edge: Edge, path: string, headers: Lines, form = ""): Promise<Answer> {
  const length = ["content-length", String(form.length)] as const;
  return edge.send(path, { host: HOST, method: "POST", headers: [length, ...headers], body: form });
}

/** A form with a file, as a browser sends it. */
export function sendForm(
  edge: Edge,
  path: string,
  headers: Lines,
  fields: Readonly<Record<string, string>>,
): Promise<Answer> {
  const parts = Object.entries(fields).map(([name, value]) => {
    const file = name === "file" ? '; filename="campaigns.json"\r\nContent-Type: application/json' : "";
    return `--edge\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${value}\r\n`;
  });
  const body = Buffer.from(`${parts.join("")}--edge--\r\n`);
  const own = [
    ["content-type", "multipart/form-data; boundary=edge"],
    ["content-length", String(body.length)],
  ] as const;
  return edge.send(path, { host: HOST, method: "POST", headers: [...own, ...headers], body });
}

/** As a browser that has signed in on the dashboard's own page. */
export async function signIn(edge: Edge): Promise<Lines> {
  const answer = await post(edge, "/sign-in", ownPage, `token=${encodeURIComponent(TOKEN)}`);
  return [["cookie", answer.header("set-cookie")?.split(";")[0] ?? ""]];
}

/** The names in the table, from above. */
export function namesIn(page: Answer): string[] {
  return [...page.text().matchAll(/<th scope="row"><a href="[^"]+"><bdi>(.*?)<\/bdi>/g)].map(
    ([, name = ""]) => name,
  );
}
