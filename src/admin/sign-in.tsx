/** The sign-in page: one field, one button, and what went wrong. */

import { Layout } from "./layout.tsx";
import type { Refusal } from "./lock.ts";

interface SignInProps {
  readonly refusal: Refusal & { readonly kind: "signed-out" | "throttled" };
  /** The whole address that was asked for, on this very host. */
  readonly wanted: string;
  /**
   * The visit came through a link on another site, and then SameSite=Strict holds the session back. Asking
   * once more from our own page sends it, so that a signed-in person does not land here.
   */
  readonly retry: boolean;
}

export function SignInPage({ refusal, wanted, retry }: SignInProps) {
  const problem = describeSignIn(refusal);
  return (
    <Layout
      title="Sign in · Edge Audiences"
      head={retry ? <meta http-equiv="refresh" content={`0;url=${wanted}`} /> : null}
    >
      <form class="card" method="post" action="/sign-in">
        <h1>Sign in</h1>
        <p class="muted">For the people who run this store.</p>
        {problem && (
          <p class="notice bad" role="alert" id="problem">
            {problem}
          </p>
        )}
        <input type="hidden" name="wanted" value={wanted} />
        {/* For password managers, which file a password under a name. */}
        <input type="text" name="username" value="operator" autocomplete="username" hidden />
        <label for="token">Token</label>
        <input
          id="token"
          type="password"
          name="token"
          required
          autofocus
          maxlength={1024}
          autocomplete="current-password"
          aria-describedby={problem ? "problem" : undefined}
          aria-invalid={
            refusal.kind === "signed-out" && refusal.reason === "wrong-token" ? "true" : undefined
          }
        />
        <button type="submit" class="primary">
          Sign in
        </button>
        <p class="muted small">Whoever set this dashboard up has the token. A session lasts eight hours.</p>
      </form>
    </Layout>
  );
}

/** null: nothing went wrong yet. */
export function describeSignIn(refusal: SignInProps["refusal"]): string | null {
  if (refusal.kind === "throttled") {
    return `Too many wrong tokens. Try again in ${refusal.waitSeconds} seconds.`;
  }
  switch (refusal.reason) {
    case "nothing-shown":
      return null;
    case "wrong-token":
      return "That is not the token.";
    case "session-over":
      return "Your session has ended. Sign in again.";
  }
}

/** Where to go after the sign-in: only ever to this host, whatever the form was made to say. */
export function wantedAddress(wanted: string, here: URL): string {
  const home = `${here.origin}/`;
  if (!URL.canParse(wanted, home)) return home;
  const address = new URL(wanted, home);
  return address.origin === here.origin ? address.href : home;
}
