/** What is wrong with the live campaigns, all of it above all of them. */

import { listWords } from "../core/campaigns/words.ts";
import type { Item } from "./campaign-listing.ts";
import type { Context } from "./live-campaigns.ts";
import { describeConcern } from "./risk.ts";

interface WrongProps {
  readonly items: readonly Item[];
  /** On this page. */
  readonly shown: readonly Item[];
  readonly context: Context;
}

/** More than that are a page of their own. */
const MAX_LINES = 12;

export function Wrong({ items, shown, context }: WrongProps) {
  const wrong = items.filter(({ risks }) => risks.length > 0);
  const unsynced = context.unsynced.length > 0 && (
    <p>
      Without a synced list nobody can say whether the audiences of{" "}
      <b>{listWords(context.unsynced, "and")}</b> still exist: <a href="/">sync them</a>.
    </p>
  );
  if (wrong.length === 0) {
    return unsynced ? <section class="notice">{unsynced}</section> : <p class="fine">Nothing is wrong.</p>;
  }
  const lines = wrong.flatMap((item) => item.risks.map((risk) => ({ item, risk })));
  return (
    <section class="notice" aria-labelledby="wrong">
      <h2 id="wrong">{wrong.length === 1 ? "One needs" : `${wrong.length} need`} a look</h2>
      <ul>
        {lines.slice(0, MAX_LINES).map(({ item, risk }) => (
          <li>
            <a href={addressOf(item, shown)}>{idOf(item)}</a>:{" "}
            <bdi>{describeConcern(risk, context.nameOf)}</bdi>
          </li>
        ))}
      </ul>
      {lines.length > MAX_LINES && (
        <p>
          <a href="/campaigns?show=look">Show all {wrong.length} that need a look</a>
        </p>
      )}
      {unsynced}
    </section>
  );
}

function idOf(item: Item): string {
  return item.kind === "banner" ? item.banner.id : item.offer.id;
}

function addressOf(item: Item, shown: readonly Item[]): string {
  const id = idOf(item);
  const here = `#${item.kind}-${id}`;
  return shown.includes(item) ? here : `/campaigns?q=${encodeURIComponent(id)}${here}`;
}
