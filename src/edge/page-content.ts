/** What a page's banners bring of Commerce's: asked for while the origin answers, and put into the plan, or the rotator. */

import { findBanners } from "../core/banner.ts";
import type { CommerceBlock, Content, ContentProblem, ContentQuestion } from "../core/commerce-content.ts";
import type { PagePlan } from "../core/page.ts";
import { fillPlan, wantedOf } from "../core/page-content.ts";
import { fail, type Result } from "../core/result.ts";
import { type Filled, fillShell, readShell, type Shell } from "../core/rotator.ts";
import { withinBudget } from "./budget.ts";
import type { Asker } from "./commerce-content.ts";
import { describeError } from "./log.ts";
import { bannerView } from "./preview.ts";
import type { WaitUntil } from "./replica.ts";
import type { FillShell } from "./rotator.ts";
import type { Services } from "./services.ts";
import { shopperOf } from "./shopper.ts";
import { urlOf } from "./url.ts";
import type { Visit } from "./visit.ts";

export interface PageContent {
  /** Begins to ask; nothing waits for it. */
  gather(plan: PagePlan): void;
  /** Never throws; waits no longer than the website's budget, which counts from the request's arrival. */
  fill(plan: PagePlan, visit: Visit): PagePlan | Promise<PagePlan>;
  /** For a rotator as it goes by: what is not remembered may take the website's budget once more. */
  fillerFor(visit: Visit): FillShell;
}

const PENDING: Content = fail("content-pending");

/** Of a page, which is not the request's own where a storefront asks about one; that one may name its store view. */
export function openPageContent(
  visit: Visit,
  { path, store }: { readonly path: string; readonly store: string | null },
  services: Services,
  waitUntil: WaitUntil,
): PageContent {
  const { website } = visit;
  const content = services.content.get(website.code);
  let opened: Asker | null = null;
  // Whose turn it is stays so for a page, whenever it is looked at.
  const chance = Math.random();
  const asked = new Map<string, Content | Promise<Content>>();

  /** Only pages that bring something of Commerce's have one. */
  function asker(): Asker {
    opened ??= { waitUntil, ...viewOf(visit, shopperOf({ ...visit, path }, store).storeView) };
    return opened;
  }

  function find(question: ContentQuestion): Content | Promise<Content> {
    const key = JSON.stringify(question);
    const found = asked.get(key) ?? content?.find(asker(), question) ?? PENDING;
    asked.set(key, found);
    return found;
  }

  const placeOf = (banner: string) => `${asker().storeView}\n${banner}\n${path}`;

  function seenAt(banners: readonly string[]) {
    return banners.flatMap((banner) => {
      const seen = content?.seenShell(placeOf(banner)) ?? null;
      return seen === null ? [] : [{ banner, ...seen }];
    });
  }

  function fillWith(known: Visit, banner: string, shell: Shell, found: Content): Filled {
    if (!found.ok) return { html: null, reason: found.error, blocks: [] };
    const { membership, index } = bannerView(known);
    const banners = index === null ? [] : findBanners(index, path);
    const trust = banners.find(({ id }) => id === banner)?.trust ?? "verified";
    return fillShell(shell, found.value, { membership, trust, chance });
  }

  async function fillNow(plan: PagePlan, known: Visit): Promise<PagePlan> {
    const { cmsBlocks, rotators } = wantedOf(plan);
    const leftMs = Math.max(0, visit.startedAtMs + website.budgetMs - services.now());
    const wait = async (question: ContentQuestion) => {
      const found = find(question);
      return found instanceof Promise ? ((await withinBudget(found, leftMs)) ?? PENDING) : found;
    };
    const [blocks, shells] = await Promise.all([
      Promise.all(
        cmsBlocks.map(async (identifier) => {
          const found = await wait({ kind: "cms-block", identifier });
          return [identifier, contentOf(found)] as const;
        }),
      ),
      Promise.all(
        seenAt(rotators).map(async ({ banner, text, shell }) => {
          const filled = fillWith(known, banner, shell, await wait(questionOf(shell)));
          return [banner, { shell: text, filled }] as const;
        }),
      ),
    ]);
    return fillPlan(plan, { cmsBlocks: new Map(blocks), rotators: new Map(shells) });
  }

  return {
    gather(plan) {
      if (visit.request.method !== "GET") return;
      const { cmsBlocks, rotators } = wantedOf(plan);
      for (const identifier of cmsBlocks) find({ kind: "cms-block", identifier });
      for (const { shell } of seenAt(rotators)) find(questionOf(shell));
    },

    fill(plan, known) {
      if (visit.request.method !== "GET") return plan;
      const { cmsBlocks, rotators } = wantedOf(plan);
      if (cmsBlocks.length + rotators.length === 0) return plan;
      return fillNow(plan, known).catch((error: unknown) => {
        services.log.warn("content-failed", { error: describeError(error) }, services.now());
        return fillPlan(plan, { cmsBlocks: new Map(), rotators: new Map() });
      });
    },

    fillerFor: (known) => (banner, attributes) => {
      const shell = readShell(attributes, website.graphqlLimits.pageSize);
      if (!shell.ok) return { html: null, reason: shell.error, blocks: [] };
      content?.noteShell(placeOf(banner), { text: JSON.stringify(attributes), shell: shell.value });
      const found = find(questionOf(shell.value));
      if (!(found instanceof Promise)) return fillWith(known, banner, shell.value, found);
      return withinBudget(found, website.budgetMs).then((inTime) =>
        fillWith(known, banner, shell.value, inTime ?? PENDING),
      );
    },
  };
}

/**
 * Nothing is said where nothing is known: a code that Commerce does not have would be refused. A client names no other
 * currency than the settings, or it could have Commerce asked for each that there is.
 */
function viewOf({ website, request }: Visit, storeView: string | null) {
  const { storeViews, storeViewHosts, currencies } = website;
  const isNamed = storeViews.length > 0 || Object.keys(storeViewHosts).length > 0 || storeView !== "default";
  const currency = request.headers.get("content-currency") ?? "";
  return {
    shop: urlOf(request).origin,
    storeView: isNamed ? storeView : null,
    currency: currencies.includes(currency) ? currency : null,
  };
}

function questionOf({ uids, locations }: Shell): ContentQuestion {
  return { kind: "dynamic-blocks", uids, locations };
}

function contentOf(found: Result<readonly CommerceBlock[], ContentProblem>): Result<string, ContentProblem> {
  return found.ok ? (found.value[0]?.content ?? fail("no-such-block")) : found;
}
