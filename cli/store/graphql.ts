/** What the store's GraphQL has, allows and costs, read from the answers to the probes. */

import { type Asked, headerOf, isPage, setsCookie } from "./answer.ts";
import type { Finding } from "./finding.ts";
import { isRecord, lacksField, lacksType, limitIn, type Probe, readSaid, type Said } from "./probe.ts";

/** `config` was a GET, the others were POSTs. */
export type ProbeAnswers = Readonly<Record<Probe, Asked>>;

export interface StoreView {
  readonly code: string;
  /** Its code stands first in paths, as "fr" in /fr/women.html. */
  readonly inPath: boolean;
}

export function speaksGraphql(answers: ProbeAnswers): boolean {
  return Object.values(answers).some((asked) => readSaid(asked) !== null);
}

export function findGraphql(answers: ProbeAnswers, path: string, cart: readonly Asked[]): readonly Finding[] {
  if (!speaksGraphql(answers)) return [findNoGraphql(answers.config, path)];
  const say = (probe: Probe) => readSaid(answers[probe]);
  return [
    findDynamicBlocks(say("dynamicBlocks")),
    findCoupons(say("coupons")),
    findCaptcha(say("captcha"), cart),
    findLimits(say("aliases"), say("complexity")),
    findIntrospection(say("introspection")),
    findCaching(answers.config),
    findSessions(answers),
    findStoreViews(say("storeViews"), say("config")),
  ];
}

function findNoGraphql(config: Asked, path: string): Finding {
  const found =
    config.kind === "answer"
      ? `${path} is not GraphQL: it answers ${config.status}.`
      : `${path} does not answer: ${config.reason}.`;
  const means =
    "Without GraphQL there are no headless storefronts and no offers; banners in pages still work.";
  const todo = "Is it elsewhere? Ask again with --graphql-path PATH, and set graphqlPath to it.";
  return { topic: "GraphQL", level: "problem", found, means, todo };
}

function findDynamicBlocks(said: Said | null): Finding {
  const topic = "Dynamic blocks";
  if (said === null) return unseen(topic, "dynamicBlocks");
  if (lacksField(said, "dynamicBlocks")) {
    const found = "There is no dynamicBlocks: Open Source and Commerce as a Cloud Service have none.";
    const means = "Banners in pages are not concerned; a headless storefront has no blocks to ask for.";
    return { topic, level: "fine", found, means, todo: null };
  }
  if (lacksField(said, "audience_id")) {
    return {
      topic,
      level: "advice",
      found: "There is dynamicBlocks, without audience_id.",
      means: "Commerce does not know which block is for whom: Adobe's Audience Activation is not installed.",
      todo: "Nothing, if banners come from the campaigns; else install magento/audiences.",
    };
  }
  if (!isRecord(said.data["dynamicBlocks"])) return unseen(topic, "dynamicBlocks");
  return {
    topic,
    level: "advice",
    found: "There is dynamicBlocks, with audience_id.",
    means: "Commerce gives each block to whoever names its audience, in it or not.",
    todo: "Let headless storefronts reach GraphQL through the Worker alone.",
  };
}

function findCoupons(said: Said | null): Finding {
  const topic = "Coupons";
  if (said === null) return unseen(topic, "applyCouponsToCart");
  if (lacksType(said, "ApplyCouponsToCartInput")) {
    const found = "One coupon a cart: there is no applyCouponsToCart.";
    const means = "Of several offers the first by priority applies, and a shopper's own coupon wins over it.";
    return { topic, level: "fine", found, means, todo: null };
  }
  // The one thing that is left to complain of in that query.
  if (!said.errors.some((message) => /^Variable "\$input" is never used/.test(message))) {
    return unseen(topic, "applyCouponsToCart");
  }
  const means = "An offer can stand beside a shopper's own coupon.";
  return { topic, level: "fine", found: "Several coupons a cart (applyCouponsToCart).", means, todo: null };
}

/** Commerce's own captcha shows in a cart with something in it; we put nothing into one. */
function findCaptcha(said: Said | null, cart: readonly Asked[]): Finding {
  const topic = "Captcha";
  const form = said === null ? null : said.data["recaptchaFormConfig"];
  const recaptcha = isRecord(form) ? form["is_enabled"] === true : null;
  const pages = cart.filter(isPage).map(({ body }) => body);
  const shown = pages.some((html) =>
    /data-captcha="sales_rule_coupon_request"|"sales_rule_coupon_request":\{[^}]{0,1000}"isRequired":true/.test(
      html,
    ),
  );
  if (recaptcha === true || shown) {
    return {
      topic,
      level: "problem",
      found: `Coupons ask for a ${recaptcha === true ? "reCAPTCHA" : "captcha"}.`,
      means: "An offer can't apply itself: only a person can answer a captcha.",
      todo: "Take “Applying coupon code” off the forms with a captcha, or do without offers.",
    };
  }
  if (recaptcha === false) {
    const means = "Offers can apply themselves, unless Commerce's own captcha is on for coupons.";
    return { topic, level: "fine", found: "Coupons ask for no reCAPTCHA.", means, todo: null };
  }
  return {
    topic,
    level: "unseen",
    found: "A captcha on coupons shows only in a cart with something in it.",
    means: "With one, an offer can't apply itself.",
    todo: "Look in Commerce under Customers → Customer Configuration → CAPTCHA, and Security → reCAPTCHA.",
  };
}

function findLimits(aliased: Said | null, complex: Said | null): Finding {
  const topic = "Limits";
  if (aliased === null && complex === null) return unseen(topic, "the limits");
  const aliases = aliased === null ? null : limitIn(aliased, "Aliases in query");
  const fields = complex === null ? null : limitIn(complex, "query complexity");
  const tight = fields !== null && fields < USUAL_COMPLEXITY;
  return {
    topic,
    level: tight ? "advice" : "fine",
    found: `Fields in a query: ${describeLimit(fields, complex)}. Aliases: ${describeLimit(aliases, aliased)}.`,
    means:
      fields === null && complex?.errors.length === 0
        ? "In developer mode Commerce counts nothing; else its own limit is 300 fields, and we stay within it."
        : "What we add to a document stays within them, or the document is left alone.",
    todo: tight
      ? "Raise it: Commerce's own is 300, and a client near yours leaves no room for an offer."
      : null,
  };
}

/** Commerce's own, in GraphQl's di.xml. */
const USUAL_COMPLEXITY = 300;

function describeLimit(limit: number | null, said: Said | null): string {
  if (limit !== null) return `at most ${limit}`;
  return said?.errors.length === 0 ? "no limit seen" : "not seen";
}

function findIntrospection(said: Said | null): Finding {
  const topic = "Introspection";
  const off = said?.errors.some((message) => /introspection/i.test(message)) ?? false;
  if (!off && said?.data["__schema"] == null) return unseen(topic, "the schema");
  return {
    topic,
    level: "fine",
    found: off ? "The schema can't be read." : "The schema can be read by anybody.",
    means: "We don't need it: what a schema has shows in how it refuses a query.",
    todo: null,
  };
}

function findCaching(config: Asked): Finding {
  const topic = "GraphQL by GET";
  if (config.kind !== "answer" || readSaid(config) === null) return unseen(topic, "a GET");
  const shared = /\bpublic\b/.test(headerOf(config, "cache-control") ?? "");
  const id = headerOf(config, "x-magento-cache-id") !== null;
  const named = id ? "with X-Magento-Cache-Id" : "without X-Magento-Cache-Id";
  return {
    topic,
    level: "fine",
    found: `Public data ${shared ? "may be kept by shared caches" : "is kept by no shared cache"}, ${named}.`,
    means: "Neither knows of audiences, so a GET is never told one.",
    todo: null,
  };
}

function findSessions(answers: ProbeAnswers): Finding {
  const topic = "Sessions";
  const given = Object.values(answers).filter((one) => one.kind === "answer");
  if (given.some((one) => setsCookie(one, "PHPSESSID"))) {
    return {
      topic,
      level: "advice",
      found: "GraphQL sets the session cookie PHPSESSID.",
      means: "Each guest's call opens a PHP session; some of Luma's extensions count on it.",
      todo: "Headless: bin/magento config:set graphql/session/disable 1, as Adobe recommends.",
    };
  }
  const means = "Calls are cheap, and their answers carry nobody's session.";
  return { topic, level: "fine", found: "GraphQL sets no session cookie.", means, todo: null };
}

/** Of the website that answers; codes that could not stand in the settings are no codes. */
export function readStoreViews(said: Said | null): readonly StoreView[] {
  const stores = said?.data["availableStores"];
  if (!Array.isArray(stores)) return [];
  return stores.filter(isRecord).flatMap((store) => {
    const code = store["store_code"];
    if (typeof code !== "string" || !/^[A-Za-z]\w*$/.test(code)) return [];
    return [{ code, inPath: store["use_store_in_url"] === true }];
  });
}

function findStoreViews(said: Said | null, config: Said | null): Finding {
  const topic = "Store views";
  const views = readStoreViews(said);
  const inPath = views.filter((view) => view.inPath).map(({ code }) => code);
  if (views.length === 0) {
    const settings = config?.data["storeConfig"];
    const code = isRecord(settings) ? settings["store_code"] : null;
    return {
      topic,
      level: "unseen",
      found:
        typeof code === "string" && /^\w+$/.test(code)
          ? `The default one is "${code}"; others don't show.`
          : "None shows.",
      means: "Where a code stands first in paths (/fr/women.html), we must know it.",
      todo: "Name such codes in storeViews.",
    };
  }
  const listed = views.map(({ code }) => code).join(", ");
  if (inPath.length === 0) {
    return { topic, level: "fine", found: `${listed}.`, means: "No code stands in paths.", todo: null };
  }
  return {
    topic,
    level: "advice",
    found: `${listed}; in paths: ${inPath.join(", ")}.`,
    means: "A banner's paths are meant without them.",
    todo: `Keep storeViews = ${JSON.stringify(inPath)}.`,
  };
}

function unseen(topic: string, what: string): Finding {
  return {
    topic,
    level: "unseen",
    found: `The answer about ${what} could not be read.`,
    means: "A firewall may stand before GraphQL, or the store is not well.",
    todo: "Ask again, from where the firewall lets you through.",
  };
}
