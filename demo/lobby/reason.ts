/** Says in plain words why a shopper sees what they see, from the plan that the Worker tells its operator. */

/** The parts of the plan that a visitor can be told about. */
export interface ToldPlan {
  readonly mode?: string;
  readonly plan?: string;
  readonly reason?: string | null;
  readonly left?: string | null;
  readonly membership?: {
    readonly kind: "member" | "none";
    readonly source?: string;
    readonly trust?: string;
    readonly count?: number;
    readonly reason?: string;
    readonly lost?: readonly { readonly source: string; readonly reason: string }[];
  };
  readonly banners?: readonly {
    readonly banner: string;
    readonly variant: string | null;
    readonly reason: string;
  }[];
  readonly upstream?: { readonly kind: string; readonly reason?: string };
  readonly campaigns?: { readonly rung?: string };
}

const withoutMembership: Readonly<Record<string, string>> = {
  absent: "No membership cookie came along, so the shop’s own hero stands.",
  empty: "The cookie says “in no audience”, so the shop’s own hero stands.",
  unreadable: "The cookie is nothing that Adobe writes, so it counts for nothing.",
  "unknown-only": "The cookie names only audiences that Adobe’s list does not have.",
  "no-consent": "This shopper said no to personalization, and no it is.",
  undecided: "The Worker could not tell, so it left the page alone.",
};

export function explainPlan(plan: ToldPlan | null, worker: "on" | "off"): string {
  if (worker === "off") return "The Worker is detached. This is the shop as Commerce sends it.";
  if (plan?.membership === undefined) return "The Worker passed the page through and gave no reason.";
  if (plan.mode === "off") return "The Worker is in mode “off” and passes everything through.";
  if (plan.campaigns?.rung === "none") return "No campaigns are live, so the page is left alone.";
  if (plan.left) return `The page could not be edited (${plan.left}), so it is the shop’s own.`;
  if (plan.plan === "pass") return "No banner stands on this page, so not one byte was touched.";
  const unsigned = plan.membership.lost?.find(({ source }) => source === "signed-cookie");
  if (plan.membership.kind === "none" && plan.membership.trust === "verified") {
    return "Adobe itself says “in no audience”, so the shop’s own hero stands.";
  }
  if (plan.membership.kind === "none" && unsigned !== undefined) {
    return `The signed cookie counts for nothing (${unsigned.reason}), so the shop’s own hero stands.`;
  }
  if (plan.membership.kind === "none") {
    return withoutMembership[plan.membership.reason ?? ""] ?? "No membership, so the shop’s own hero stands.";
  }
  return explainMember(plan, plan.membership);
}

const sourceNames: Readonly<Record<string, string>> = {
  "signed-cookie": "signed cookie",
  backend: "backend’s header",
  header: "header",
  cookie: "cookie",
};

/** What a claim was worth, on the home page and for the cart. */
export function explainClaim(plans: readonly (ToldPlan | null)[]): string {
  if (plans.includes(null)) return "The Worker is detached, and Commerce believes what it reads.";
  const shown = plans.some((plan) => plan?.banners?.some(({ variant }) => variant !== null));
  const told = plans.some((plan) => plan?.upstream !== undefined && plan.upstream.kind !== "none");
  if (shown || told) return "It counted: this shop takes a browser’s word for it.";
  const worth = "No hero, and not a word to Commerce.";
  const lost = plans.flatMap((plan) => plan?.membership?.lost ?? []);
  if (lost.some(({ reason }) => reason === "verified-wins")) {
    return `Overruled: Adobe itself has answered for this visitor. ${worth}`;
  }
  const refused = plans.some((plan) => plan?.upstream?.reason === "not-verified");
  if (refused) return `Read and not believed: only this browser says so. ${worth}`;
  return `Worth nothing (${lost[0]?.reason ?? plans[0]?.membership?.reason ?? "no reason told"}). ${worth}`;
}

/** `said` is Commerce's own message. */
export function explainCoupon(said: string | null): string {
  if (said === null) return "Commerce gave no answer.";
  if (!said.includes("not valid")) return `It counted: “${said}”`;
  return `“${said}” Its rule is for regulars, and Adobe does not count this visitor among them.`;
}

function explainMember(plan: ToldPlan, membership: NonNullable<ToldPlan["membership"]>): string {
  const { count = 0, trust } = membership;
  const source = sourceNames[membership.source ?? ""] ?? "cookie";
  const audiences = count === 1 ? "one audience" : `${count} audiences`;
  const proof =
    trust === "verified" ? "Adobe vouches for it" : "nobody vouches for it, and a banner needs no proof";
  if (plan.banners?.some(({ reason }) => reason === "not-verified")) {
    return `The ${source} names ${audiences}, and only this browser says so: the shop’s own hero stands.`;
  }
  const chosen = plan.banners?.find((banner) => banner.variant !== null);
  if (chosen === undefined) return `The ${source} names ${audiences}, and no variant is for them.`;
  return `The ${source} names ${audiences}; ${proof}. “${chosen.banner}” shows its variant “${chosen.variant}”.`;
}
