/** Signing in, the account, the page for what is not there, and the back office's door. */

import { answer } from "../answer.ts";
import { categories } from "../catalog.ts";
import { escapeHtml } from "../escaper.ts";
import { type Customer, customers } from "../session.ts";
import { link, setCookie, type Visit } from "../visit.ts";
import { frameTags, layOut, sendPage } from "./layout.ts";

export function serveSignIn(visit: Visit): Promise<Response> {
  const hint = customers.map((one) => `${one.email} / ${one.password}`).join("<br/>");
  return sendPage(visit, {
    title: "Customer Login",
    bodyClass: "customer-account-login",
    heading: visit.view.texts.signIn,
    route: { route: "customer", controller: "account", action: "login" },
    caching: { kind: "private" },
    main: `<div class="login-container"><form class="form form-login" id="login-form"
          action="${link(visit, "customer/account/loginPost/")}"
          method="post">
        <input name="form_key" type="hidden" value="${visit.session.formKey}" />        <fieldset
           class="fieldset login">
            <div class="field email required">
                <label class="label" for="email"><span>Email</span></label>
                <input name="login[username]" value="" autocomplete="username" id="email" type="email"
                   class="input-text" required>
            </div>
            <div class="field password required">
                <label for="password" class="label"><span>Password</span></label>
                <input name="login[password]" type="password" autocomplete="current-password"
                   class="input-text" id="password" required>
            </div>
            <button type="submit" class="action login primary" name="send"
               id="send2"><span>${escapeHtml(visit.view.texts.signIn)}</span></button>
        </fieldset>
    </form>
<p class="login-hint"><strong>Two customers live here</strong><br/>${hint}</p></div>`,
  });
}

export function serveAccount(visit: Visit, customer: Customer): Promise<Response> {
  const { texts } = visit.view;
  return sendPage(visit, {
    title: texts.account,
    bodyClass: "customer-account-index account",
    heading: texts.account,
    route: { route: "customer", controller: "account", action: "index" },
    caching: { kind: "private" },
    main: `<div
       class="block block-dashboard-info"><h2>${escapeHtml(`${customer.firstname} ${customer.lastname}`)}</h2>
<p>${escapeHtml(customer.email)}</p>
<p><a class="action"
   href="${link(visit, "customer/account/logout/")}"><span>${escapeHtml(texts.signOut)}</span></a></p></div>`,
  });
}

export function serveSignedOut(visit: Visit): Promise<Response> {
  return sendPage(visit, {
    title: "You are signed out",
    bodyClass: "customer-account-logoutsuccess",
    heading: "You are signed out",
    route: { route: "customer", controller: "account", action: "logoutSuccess" },
    caching: { kind: "private" },
    main: `<p><a class="action primary"
       href="${link(visit, "")}"><span>${escapeHtml(visit.view.texts.continueShopping)}</span></a></p>`,
  });
}

export function serveNotFound(visit: Visit): Promise<Response> {
  const { texts } = visit.view;
  const paths = categories.map(
    (one) => `<li><a href="${link(visit, `${one.key}.html`)}">${texts[one.key]}</a></li>`,
  );
  const page = {
    title: "404 Not Found",
    bodyClass: "cms-noroute-index",
    heading: texts.notFound,
    route: { route: "cms", controller: "noroute", action: "index" },
    caching: { kind: "not-found", tags: [...frameTags, "cms_p_1"] },
    main: `<p>${escapeHtml(texts.notFoundText)}</p><ul class="not-found-paths">${paths.join("")}</ul>`,
  } as const;
  return answer(visit, {
    type: "text/html; charset=UTF-8",
    status: 404,
    body: layOut(visit, page),
    caching: page.caching,
  });
}

/** Any page of the back office: it sets the cookie that tells a proxy to keep its hands off. */
export function serveBackOffice(visit: Visit): Promise<Response> {
  setCookie(visit, {
    name: "admin",
    value: "v9k2m4q7s1t3w5y8z0b6c",
    maxAgeSeconds: 3600,
    path: "/backoffice",
    httpOnly: true,
    sameSite: "Lax",
  });
  return answer(visit, {
    type: "text/html; charset=UTF-8",
    body: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"/><title>Dashboard / Tarnfell Admin</title></head>
<body id="html-body" class="adminhtml-dashboard-index"><h1 class="page-title">Dashboard</h1>
<section id="hero">The back office has an element with this id too, and it must stay as it is.</section></body></html>
`,
    caching: { kind: "private" },
    headers: { "content-security-policy": "frame-ancestors 'none'" },
  });
}
