/** The routes of the API: each says what it takes and answers, so that none is there that nobody has described. */

import type { Context, Hono } from "hono";
import { refuseMethod } from "../edge/refusal.ts";
import type { AdminEnv } from "./actor.ts";
import type { Schema } from "./api-schema.ts";
import type { ProblemStatus } from "./problem-details.ts";

export type Ask = Context<AdminEnv>;

export interface ApiRoute {
  readonly method: "get" | "put" | "post";
  /** As OpenAPI writes it; `{number}` is the one parameter that there is. */
  readonly path: string;
  readonly summary: string;
  readonly query?: Readonly<Record<string, { readonly description: string; readonly schema: Schema }>>;
  /** `if-match`: the version that was changed. `campaigns-file`: the body. */
  readonly takes?: readonly ("if-match" | "campaigns-file")[];
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Beyond those that every route may answer with. */
  readonly problems: readonly ProblemStatus[];
  readonly serve: (c: Ask) => Response | Promise<Response>;
}

export interface Answer {
  readonly description: string;
  readonly schema: Schema;
  /** `live`: the ETag of what is live after it. */
  readonly etag?: "live";
}

/** Another method at a path of ours is 405 with those that there are; another path is the dashboard's 404. */
export function addApi(admin: Hono<AdminEnv>, routes: readonly ApiRoute[]): void {
  for (const { method, path, serve } of routes) admin.on(method.toUpperCase(), honoPath(path), serve);
  for (const path of new Set(routes.map((route) => route.path))) {
    const allowed = routes.filter((route) => route.path === path).map(({ method }) => method.toUpperCase());
    admin.all(honoPath(path), () => refuseMethod(allowed.join(", ")));
  }
}

function honoPath(path: string): string {
  return path.replace("{number}", ":number{[0-9]+}");
}
