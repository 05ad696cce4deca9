/** Login and logout: where one browser may become another customer, and a membership must not stay. */

import { pathSegments } from "./path.ts";

/** Luma's own actions on a customer's session; logout comes by GET too. */
const customerActions: ReadonlySet<string> = new Set([
  "account/loginpost",
  "account/logout",
  "account/createpost",
  "account/confirm",
  "account/resetpasswordpost",
  "ajax/login",
  "ajax/logout",
]);

/** Whether that request can change who is signed in, under any store view and with `index.php` in front. */
export function changesCustomer(pathname: string): boolean {
  if (!/customer|%/i.test(pathname)) return false;
  const segments = pathSegments(pathname, 6)?.map((segment) => segment.toLowerCase()) ?? [];
  const at = segments.indexOf("customer");
  return at >= 0 && at <= 2 && customerActions.has(`${segments[at + 1]}/${segments[at + 2]}`);
}
