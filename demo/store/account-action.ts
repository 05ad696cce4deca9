/** Signing in and out, and changing the store view. */

import { redirect } from "./answer.ts";
import { deleteCookie, writeCookie } from "./cookie.ts";
import { decodeAddress } from "./escaper.ts";
import { serveAccount } from "./pages/account-page.ts";
import { checkPassword, signIn, signOut } from "./session.ts";
import { englishView, findStoreView } from "./store-view.ts";
import { link, readForm, say, setCookie, type Visit } from "./visit.ts";

export async function signInFromForm(visit: Visit): Promise<Response> {
  const { form, trusted } = await readForm(visit);
  const email = String(form.get("login[username]") ?? "");
  const customer = trusted ? checkPassword(email, String(form.get("login[password]") ?? "")) : null;
  if (customer === null) {
    say(
      visit,
      "error",
      "The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later.",
    );
    return redirect(visit, link(visit, "customer/account/login/"));
  }
  visit.session = signIn(visit.session, customer);
  forgetSections(visit);
  return redirect(visit, link(visit, "customer/account/"));
}

export function signOutFromLink(visit: Visit): Promise<Response> {
  visit.session = signOut(visit.session);
  forgetSections(visit);
  return redirect(visit, link(visit, "customer/account/logoutSuccess/"));
}

/** Without this cookie Luma's script throws away every section that it keeps. */
function forgetSections(visit: Visit): void {
  visit.cookieLines.push(deleteCookie("mage-cache-sessid", visit.nowMs));
}

export function openAccount(visit: Visit): Promise<Response> {
  const { customer } = visit.session;
  if (customer !== null) return serveAccount(visit, customer);
  return redirect(visit, link(visit, "customer/account/login/"));
}

/** `/stores/store/redirect/___store/fr/…/uenc/…/`: the cookie `store`, then the page's twin. */
export function switchStoreView(visit: Visit): Promise<Response> {
  const code = /\/___store\/([a-z_]+)/.exec(visit.path)?.[1] ?? "default";
  const view = findStoreView(code) ?? englishView;
  setCookie(visit, {
    name: "store",
    value: view.code,
    maxAgeSeconds: 31_536_000,
    httpOnly: true,
    sameSite: "Lax",
  });
  const { nowMs } = visit;
  visit.cookieLines.push(
    writeCookie({ name: "section_data_clean", value: view.code, maxAgeSeconds: 15, sameSite: "Lax", nowMs }),
  );
  const target = decodeAddress(/\/uenc\/([^/]+)/.exec(visit.path)?.[1] ?? "");
  const home = visit.base + view.prefix;
  return redirect({ ...visit, view }, target?.startsWith(visit.base) ? target : home);
}
