/** Who is at the dashboard, as the audit log names them. */

import type { Actor } from "../edge/control/calls.ts";
import type { Admission } from "./lock.ts";

/** What every route behind the lock knows. */
export interface AdminEnv {
  Variables: { actor: Actor };
}

/** There is one token, so who holds it is the operator, by hand or by machine. */
export function actorOf({ by }: Extract<Admission, { kind: "admitted" }>, { headers }: Request): Actor {
  const name = by === "token" ? "operator, by token" : "operator, signed in";
  return { name, from: headers.get("cf-connecting-ip")?.slice(0, 64) ?? "" };
}
