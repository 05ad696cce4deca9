/** Who looks at a page, for the page: what a viewer could not send is not shown to them. */

import { createContext, Fragment, type PropsWithChildren, useContext } from "hono/jsx";
import type { Role } from "../core/access.ts";
import type { Admitted } from "./lock.ts";

export interface Visitor {
  readonly name: string;
  readonly role: Role;
  readonly by: Admitted["by"];
}

/** null: nobody is signed in. */
export const CurrentVisitor = createContext<Visitor | null>(null);

/** Forms that change something. That they are not shown is a courtesy: the lock refuses what they send. */
export function ForPublishers({ children }: PropsWithChildren) {
  return useContext(CurrentVisitor)?.role === "publisher" ? Fragment({ children }) : null;
}

/** Access ends its own session, at an address that it answers itself on every host that it guards. */
const ACCESS_SIGN_OUT = "/cdn-cgi/access/logout";

export function SignOut() {
  const visitor = useContext(CurrentVisitor);
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
