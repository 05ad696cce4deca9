/** A pretend Adobe for the sync: a token, and audiences page by page; a test may answer otherwise. */

import { type Handler, type Origin, startOrigin } from "./origin.ts";

export const TOKEN = "eyJ-access-token-of-the-tests";

export interface PretendAdobe {
  readonly origin: Origin;
  /** Answers `POST /ims/token/v3`. */
  token: Handler;
  /** Answers `GET /data/core/ups/audiences`. */
  audiences: Handler;
  /** Answers `POST /data/core/ups/audiences/bulk-get`. */
  details: Handler;
  /** Answers `GET /data/foundation/flowservice/flows`. */
  flows: Handler;
  /** One audience again, tokens of that kind, and nothing asked yet. */
  beginAnew(token?: Handler): void;
}

export async function startAdobe(): Promise<PretendAdobe> {
  const answers = {
    token: goodToken,
    audiences: pages([[audience(1)]]),
    details: json({ results: {} }, 207),
    flows: json({ items: [] }),
  };
  const origin = await startOrigin((request, response) => answers[kindOf(request.url)](request, response));
  const adobe: PretendAdobe = Object.assign(answers, {
    origin,
    beginAnew(token = goodToken) {
      origin.seen.length = 0;
      answers.token = token;
      answers.audiences = pages([[audience(1)]]);
    },
  });
  return adobe;
}

function kindOf(url: string): "token" | "audiences" | "details" | "flows" {
  if (url.startsWith("/ims/token/v3")) return "token";
  if (url.includes("/flowservice/flows")) return "flows";
  return url.endsWith("/bulk-get") ? "details" : "audiences";
}

export const json = (value: unknown, status = 200): Handler => {
  return (_, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  };
};

/** Good for an hour, so never kept: each sync asks for one. */
export const goodToken = json({ access_token: TOKEN, token_type: "bearer", expires_in: 3600 });
/** As Adobe's are: kept for 23 hours. */
export const dayToken = json({ access_token: TOKEN, token_type: "bearer", expires_in: 86399 });

export const idOf = (n: number) => `aaaaaaaa-0000-4000-8000-${String(n).padStart(12, "0")}`;

/** An entry of Adobe's list, with more keys or others. */
export function audience(n: number, over: Readonly<Record<string, unknown>> = {}) {
  return { id: idOf(n), name: `Audience ${n}`, originName: "REAL_TIME_CUSTOMER_PROFILE", ...over };
}

/** Adobe's paging as it varies: `next` as text or number, none on the last page, `_page` or `_pages`. */
export function pages(all: readonly (readonly unknown[])[]): Handler {
  return (request, response) => {
    const start = Number(new URL(request.url, "http://adobe.test").searchParams.get("start"));
    const next = start + 1 < all.length ? { next: start % 2 === 0 ? String(start + 1) : start + 1 } : {};
    const page = { totalCount: all.flat().length, start: String(start), ...next };
    json({ children: all[start], [start === 0 ? "_page" : "_pages"]: page })(request, response);
  };
}
