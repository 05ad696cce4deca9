/** Who looks at a page, for the page: what a viewer could not send is not shown to them. */

import type { Child, PropsWithChildren } from "hono/jsx";
import { Fragment } from "hono/jsx/jsx-runtime";
import type { Role } from "../core/access.ts";
import type { Admitted } from "./lock.ts";

export interface Visitor {
  readonly name: string;
  readonly role: Role;
  readonly by: Admitted["by"];
}

/**
 * While a page is written out, which is done in one go: who looks at it; null: nobody is signed in. hono/jsx has contexts
 * for this, and brings its renderer for browsers along: 20 KB.
 */
let looking: Visitor | null = null;

/** A page as that visitor sees it. */
export function renderFor(visitor: Visitor | null, page: Child): string {
  looking = visitor;
  try {
    const text: unknown = Fragment({ children: page }).toString();
    if (typeof text !== "string") throw new Error("a part of the page waits for something");
    return text;
  } finally {
    looking = null;
  }
}

/** Forms that change something. That they are not shown is a courtesy: the lock refuses what they send. */
export function ForPublishers({ children }: PropsWithChildren) {
  return looking?.role === "publisher" ? Fragment({ children }) : null;
}

/** Access ends its own session, at an address that it answers itself on every host that it guards. */
const ACCESS_SIGN_OUT = "/cdn-cgi/access/logout";

export function SignOut() {
  const visitor = looking;
  const viewer = visitor?.role === "viewer" && <span class="muted small">viewer</span>;
  if (visitor?.by === "access") {
    return (
      <div class="who">
        <span class="muted small">{visitor.name}</span> {viewer}
        <a class="button quiet" href={ACCESS_SIGN_OUT}>
          Sign out
        </a>
      </div>
    );
  }
  return (
    <form method="post" action="/sign-out">
      {viewer}{" "}
      <button type="submit" class="quiet">
        Sign out
      </button>
    </form>
  );
}
