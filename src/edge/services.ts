/** What the isolate holds for all its requests: the KV it remembers, the keys it signs with, the websites it serves. */

import type { Website } from "../core/website.ts";
import type { Analytics } from "./analytics.ts";
import { audiencesKey, type KnownAudiences, openKnownAudiences } from "./audiences.ts";
import { type Breaker, openBreaker } from "./breaker.ts";
import { type LiveCampaigns, openCampaigns } from "./campaigns.ts";
import { type CommerceContent, openCommerceContent } from "./commerce-content.ts";
import type { CredentialBook } from "./credentials.ts";
import { type Drafts, openDrafts } from "./draft.ts";
import type { Log } from "./log.ts";
import type { Replica } from "./replica.ts";
import { openSigner, type Signer } from "./signing.ts";
import { openSwitch, type Switch } from "./switch.ts";

/** What the isolate holds for all its requests; opened once. */
export interface Services {
  readonly websites: readonly Website[];
  readonly adminPath: string | null;
  readonly operatorKey: string | null;
  readonly campaigns: Replica<LiveCampaigns>;
  readonly switch: Replica<Switch>;
  /** By `audiencesKey`. */
  readonly knownAudiences: ReadonlyMap<string, Replica<KnownAudiences>>;
  /** null: no secret, so nothing is ever verified by a cookie. */
  readonly signer: Signer | null;
  /** Names a visitor to ourselves where others could read the name. */
  readonly visitorSigner: Signer | null;
  readonly deviceSigner: Signer | null;
  readonly previewSigner: Signer | null;
  readonly frameSigner: Signer | null;
  readonly drafts: Drafts;
  /** By website. */
  readonly content: ReadonlyMap<string, CommerceContent>;
  /** By website. */
  readonly breakers: ReadonlyMap<string, Breaker>;
  readonly backendSecrets: readonly string[];
  /** For Adobe's own token, where a website's questions are asked with one. */
  readonly adobeCredentials: CredentialBook;
  /** null: nothing is counted. */
  readonly analytics: Analytics | null;
  readonly log: Log;
  readonly now: () => number;
}

export function openServices(options: {
  readonly kv: KVNamespace | undefined;
  readonly websites: readonly Website[];
  readonly adminPath: string | null;
  readonly operatorKey: string | null;
  readonly embeddedCampaigns: unknown;
  readonly signingSecrets: readonly string[];
  readonly backendSecrets: readonly string[];
  readonly adobeCredentials: CredentialBook;
  readonly analytics: Analytics | null;
  readonly log: Log;
  readonly now: () => number;
}): Services {
  const { kv, websites, adminPath, operatorKey, log, now, signingSecrets: secrets } = options;
  const accounts = websites.flatMap(({ adobe }) => (adobe ? [adobe] : []));
  return {
    websites,
    adminPath,
    operatorKey,
    campaigns: openCampaigns({ kv, embedded: options.embeddedCampaigns, websites, adminPath, log }),
    switch: openSwitch(kv, log),
    knownAudiences: new Map(
      accounts.map((account) => [audiencesKey(account), openKnownAudiences(kv, account, log)]),
    ),
    signer: secrets.length === 0 ? null : openSigner(secrets, "membership"),
    visitorSigner: secrets.length === 0 ? null : openSigner(secrets, "visitor"),
    deviceSigner: secrets.length === 0 ? null : openSigner(secrets, "device"),
    previewSigner: secrets.length === 0 ? null : openSigner(secrets, "preview"),
    content: new Map(
      websites.map((website) => {
        const signer = secrets.length === 0 ? null : openSigner(secrets, "content");
        return [website.code, openCommerceContent({ website, signer, log, now })];
      }),
    ),
    frameSigner: secrets.length === 0 ? null : openSigner(secrets, "frame"),
    drafts: openDrafts(kv, adminPath, log),
    breakers: new Map(websites.map(({ code }) => [code, openBreaker()])),
    backendSecrets: options.backendSecrets,
    adobeCredentials: options.adobeCredentials,
    analytics: options.analytics,
    log,
    now,
  };
}
