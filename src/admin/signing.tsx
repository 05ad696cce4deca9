/** What the audiences page says where nothing is signed: which trust memberships have then, and how to mend it. */

import type { Website } from "../core/website.ts";

/** `off`: there is no SIGNING_SECRET, so what Adobe says of a visitor can't be kept. */
export type Signing = "on" | "off";

interface SigningProps {
  readonly signing: Signing;
  readonly websites: readonly Website[];
}

/** A state, and no failure: the shop is served, and a shop may want it so. */
export function SigningNotice({ signing, websites }: SigningProps) {
  if (signing === "on") return null;
  const strict = websites.filter(({ trust }) => trust === "verified").map(({ code }) => code);
  return (
    <section class="notice" role="note">
      <h2>No SIGNING_SECRET: no membership is verified</h2>
      {strict.length === 0 ? (
        <p>Commerce is told what a browser claims, and anybody can write themselves into an audience.</p>
      ) : (
        <p>
          Commerce is told only what a backend of yours vouches for: <b>{strict.join(", ")}</b>{" "}
          {strict.length === 1 ? "demands" : "demand"} verified memberships.
        </p>
      )}
      <p>
        To mend it: <code>npm run --silent secret:new | npx wrangler secret put SIGNING_SECRET</code>
        {websites.every(({ datastreamId }) => datastreamId === null) && (
          <>
            , and <code>datastreamId</code> in wrangler.toml
          </>
        )}
      </p>
    </section>
  );
}
