/** A router for Hono that knows whole paths alone: one look into a map, one handler, nothing composed. */

import type { Result, Router } from "hono/router";

/** `*` is every path that is not named; a path may end in a slash that its name has not. All methods are one. */
export class ExactRouter<T> implements Router<T> {
  readonly name = "ExactRouter";
  readonly #named = new Map<string, Result<T>>();
  #others: Result<T> = [[]];

  add(_method: string, path: string, handler: T): void {
    const found: Result<T> = [[[handler, {}]]];
    if (path === "*" || path === "/*") this.#others = found;
    else if (!this.#named.has(path)) this.#named.set(path, found).set(`${path}/`, found);
  }

  match(_method: string, path: string): Result<T> {
    return this.#named.get(path) ?? this.#others;
  }
}
