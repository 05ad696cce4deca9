/** The frame of every page: head, top bar, the one column, and the skip link before all of it. */

import type { Context } from "hono";
import type { Child, PropsWithChildren } from "hono/jsx";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { AdminEnv } from "./actor.ts";
import { STYLESHEET_PATH } from "./stylesheet.ts";
import { renderFor, SignOut, type Visitor } from "./visitor.tsx";

interface LayoutProps {
  readonly title: string;
  /** Further elements of the head. */
  readonly head?: Child;
  /** Which of the pages it is; without it nobody is signed in, and there is nowhere to go. */
  readonly here?: Here;
  /** For what stands beside each other on a wide screen. */
  readonly width?: "wide";
}

/** The one list of the pages. */
const pages = [
  ["audiences", "/", "Audiences"],
  ["campaigns", "/campaigns", "Campaigns"],
  ["try", "/try", "Try it"],
  ["history", "/history", "History"],
  ["health", "/health", "Health"],
] as const;

export type Here = (typeof pages)[number][0];

/** Two circles and what they share: an audience and a shop. In the page itself, which saves a request. */
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20' fill='%230b7285'%3E" +
  "%3Ccircle cx='7' cy='10' r='6' opacity='.45'/%3E%3Ccircle cx='13' cy='10' r='6' opacity='.75'/%3E%3C/svg%3E";

export function Layout({ title, head, here, width, children }: PropsWithChildren<LayoutProps>) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <link rel="icon" href={ICON} />
        <link rel="stylesheet" href={STYLESHEET_PATH} />
        {head}
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <header class="bar">
          <a class="mark" href="/">
            <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
              <circle cx="7" cy="10" r="6" />
              <circle cx="13" cy="10" r="6" />
            </svg>
            Edge Audiences
          </a>
          {here && <Pages here={here} />}
          {here && <SignOut />}
        </header>
        <main id="main" tabindex={-1} class={width}>
          {children}
        </main>
      </body>
    </html>
  );
}

function Pages({ here }: { here: Here }) {
  return (
    <nav class="pages-of" aria-label="Dashboard">
      {pages.map(([page, address, label]) => (
        <a href={address} aria-current={page === here ? "page" : undefined}>
          {label}
        </a>
      ))}
    </nav>
  );
}

/** A page that says one thing. */
export function NoticePage({ title, children }: PropsWithChildren<{ title: string }>) {
  return (
    <Layout title={title}>
      <section class="card">
        <h1>{title}</h1>
        {children}
      </section>
    </Layout>
  );
}

export function answerPage(c: Context, page: Child, status: ContentfulStatusCode = 200) {
  return c.html(`<!doctype html>${renderFor(visitorOf(c), page)}`, status);
}

function visitorOf(c: Context<AdminEnv>): Visitor | null {
  // Before the lock has admitted anybody nothing is set, whatever the type says.
  const { actor, role, by } = c.var as Partial<AdminEnv["Variables"]>;
  return actor && role && by ? { name: actor.name, role, by } : null;
}
