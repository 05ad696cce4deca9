/** Who is at the dashboard, as the audit log names them, and what they may do. */

import type { Role } from "../core/access.ts";
import type { Actor } from "../edge/control/calls.ts";
import type { Admitted } from "./lock.ts";

/** What every route behind the lock knows. */
export interface AdminEnv {
  Variables: { actor: Actor; role: Role; by: Admitted["by"] };
}

export function actorOf({ name }: Admitted, { headers }: Request): Actor {
  return { name: name.slice(0, 200), from: headers.get("cf-connecting-ip")?.slice(0, 64) ?? "" };
}
