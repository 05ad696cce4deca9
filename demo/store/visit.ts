/** One request as the shop sees it: the store view, the base URL, the session, the audiences. */

import type { WebSdk } from "../web-sdk.ts";
import { readCookies, type SetCookie, writeCookie } from "./cookie.ts";
import { audiencesOfCookies } from "./membership.ts";
import { openSession, type Session, saveSession } from "./session.ts";
import { readsAudiences, type StoreSettings, withDefaults } from "./settings.ts";
import { type StoreView, splitPath } from "./store-view.ts";

/** Seconds since 1970, as Magento names each deployment of static files. */
export const deployedVersion = 1_795_414_319;

export interface StoreEnv {
  readonly STORE_SETTINGS?: Partial<StoreSettings>;
  /** As Magento's `web/unsecure/base_url`. Without it the shop answers under whatever host it was called. */
  readonly BASE_URL?: string;
  /** Without it, the pages know nothing of Adobe. */
  readonly WEB_SDK?: WebSdk;
  /** Adobe's own file, which the pages load. */
  readonly WEB_SDK_SCRIPT?: string;
}

export interface Visit {
  readonly request: Request;
  readonly url: URL;
  /** Without the store view's prefix: `/fr/women.html` is `/women.html` here. */
  readonly path: string;
  readonly view: StoreView;
  /** With a slash at its end, without the store view. */
  readonly base: string;
  readonly cookies: ReadonlyMap<string, string>;
  readonly audiences: readonly string[];
  readonly settings: StoreSettings;
  readonly webSdk: WebSdk | null;
  readonly nowMs: number;
  /** Changed by signing in and out. */
  session: Session;
  /** Set-Cookie lines to send after PHPSESSID, in this order. */
  readonly cookieLines: string[];
}

export function openVisit(request: Request, env: StoreEnv, nowMs: number): Visit {
  const url = new URL(request.url);
  const { view, path } = splitPath(url.pathname);
  const cookies = readCookies(request.headers.get("cookie"));
  const session = openSession(cookies.get("PHPSESSID"));
  const formKey = cookies.get("form_key");
  if (formKey !== undefined && /^[A-Za-z0-9]{16}$/.test(formKey)) session.formKey = formKey;
  const settings = withDefaults(env.STORE_SETTINGS);
  return {
    request,
    url,
    path,
    view,
    base: baseOf(request, url, env),
    cookies,
    audiences: readsAudiences(settings) ? audiencesOfCookies(cookies) : [],
    settings,
    webSdk: env.WEB_SDK ?? null,
    nowMs,
    session,
    cookieLines: [],
  };
}

/** Where a shop with a fixed base URL sends who called it by another name; null if by its own. */
export function addressUnderBase(visit: Visit, env: StoreEnv): string | null {
  if (env.BASE_URL === undefined) return null;
  if (visit.request.method !== "GET" && visit.request.method !== "HEAD") return null;
  const base = new URL(env.BASE_URL);
  const scheme = visit.request.headers.get("x-forwarded-proto") ?? visit.url.protocol.slice(0, -1);
  // Another port of the same host is no reason to redirect: Magento compares the host only.
  if (visit.url.hostname === base.hostname && `${scheme}:` === base.protocol) return null;
  return base.origin + visit.url.pathname + visit.url.search;
}

/** An address in this store view. */
export function link(visit: Visit, path: string): string {
  return `${visit.base}${visit.view.prefix}${path}`;
}

/** A file of the theme, with the deployed version in its address. */
export function theme(visit: Visit, file: string): string {
  return `${visit.base}static/version${deployedVersion}/frontend/Tarnfell/fell/${visit.view.locale}/${file}`;
}

export function mediaLink(visit: Visit, path: string): string {
  return `${visit.base}media/${path}`;
}

export function setCookie(visit: Visit, cookie: Omit<SetCookie, "nowMs" | "domain">): void {
  const domain = new URL(visit.base).hostname;
  visit.cookieLines.push(writeCookie({ ...cookie, nowMs: visit.nowMs, domain }));
}

/** A message that the next page shows: Magento hands it over in a cookie that a script reads and removes. */
export function say(visit: Visit, type: "success" | "error" | "notice", text: string): void {
  setCookie(visit, {
    name: "mage-messages",
    value: encodeURIComponent(JSON.stringify([{ type, text }])),
    maxAgeSeconds: 31_536_000,
    sameSite: "Strict",
  });
}

/** The form fields of a POST, and whether its form key is the session's. */
export async function readForm(
  visit: Visit,
): Promise<{ readonly form: FormData; readonly trusted: boolean }> {
  const form = await visit.request.formData().catch(() => new FormData());
  const trusted = form.get("form_key") === visit.session.formKey;
  if (trusted) {
    saveSession(visit.session);
    setCookie(visit, {
      name: "form_key",
      value: visit.session.formKey,
      maxAgeSeconds: 3600,
      sameSite: "Lax",
    });
  }
  return { form, trusted };
}

function baseOf(request: Request, url: URL, env: StoreEnv): string {
  if (env.BASE_URL !== undefined) return env.BASE_URL.replace(/\/*$/, "/");
  const host = request.headers.get("x-forwarded-host") ?? url.host;
  const scheme = request.headers.get("x-forwarded-proto") ?? url.protocol.slice(0, -1);
  return `${scheme}://${host}/`;
}
