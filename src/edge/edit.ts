/** Edits: a page streams through HTMLRewriter, and at each place of its banners the changes are made. */

import { MARK_ATTRIBUTE } from "../core/banner-mark.ts";
import type { BannerPlace } from "../core/content-policy.ts";
import type { EditReport } from "../core/opening.ts";
import { type Change, escapeText, type Place } from "../core/put.ts";
import { mayBePlace } from "../core/selector.ts";
import { openClaims, watchEnd } from "./claim.ts";
import { putImage } from "./image.ts";
import { type PageBounds, transformPage } from "./long-page.ts";
import { watchPageType } from "./page-type.ts";
import { type FillShell, fillRotator, putContent } from "./rotator.ts";

/** What of the answer's headers the edits depend on. */
export interface Frame {
  /** With which the page's policy lets a `<style>` through. */
  readonly nonce: string | null;
  /** A picture was announced in the headers, so the page's own announcements go. */
  readonly announced: boolean;
  /** Asks where a rotator's content is not in the edits. */
  readonly fill: FillShell;
  /** How much of the page may be edited. */
  readonly bounds: PageBounds;
}

/** Edits that a page can be read through. */
export interface Editor {
  readonly rewriter: HTMLRewriter;
  /** Something of an edit is still to come when its element ends. */
  isOpen(): boolean;
  /** Every place was found and has ended: whatever comes now stays as it is. */
  isDone(): boolean;
  /** What there is to tell once they are done, or the page has ended. */
  report(): EditReport;
}

/** Throws where the answer's charset is unknown; the body is still whole then. */
export function editPage(
  response: Response,
  places: readonly BannerPlace[],
  frame: Frame,
  tell: (report: EditReport) => void,
): Response {
  const { rewriter, isOpen, report } = openEditor(places, frame);
  rewriter.onDocument({ end: () => tell(report()) });
  return transformPage(rewriter, response, frame.bounds, isOpen);
}

export function openEditor(places: readonly BannerPlace[], { nonce, announced, fill }: Frame): Editor {
  const rewriter = new HTMLRewriter();
  const claims = openClaims();
  const missing = new Set<string>();
  const made = new Set<string>();
  const taken = new Set<string>();
  const left: { banner: string; reason: string }[] = [];
  const open = new Set<string>();
  const isDone = () => missing.size === 0 && open.size === 0;
  // Before anything is done, each element is seen by all that want it: their handlers come first.
  const shared = places.length > 1;
  if (shared) {
    for (const { selector } of places) rewriter.on(selector, { element: () => claims.meet() });
  }
  const isOfType = places.some(({ pageTypes }) => pageTypes !== null) ? watchPageType(rewriter) : null;
  const setting = { picture: watchPictures(rewriter, places), nonce };
  places.forEach((place, serial) => {
    const { banner, selector } = place;
    const key = `${banner}\n${serial}`;
    missing.add(key);
    const leave = (reason: string) => void left.push({ banner, reason });
    const image = imageIn(place);
    const part = image && putImage({ ...setting, selector, image, serial, leave });
    rewriter.on(selector, {
      element(element) {
        // A banner is one place: the first element that the selector finds.
        if (!missing.has(key)) return claims.pass();
        missing.delete(key);
        if (place.pageTypes !== null && !isOfType?.(place.pageTypes)) return claims.pass();
        if (!claims.claim(banner)) return void taken.add(banner);
        // What is put into a <script> would be code, and a <script>'s address is code from elsewhere.
        if (!mayBePlace(element.tagName)) return leave("no-place");
        try {
          const ends: (() => void)[] = [];
          if (shared && place.changes.some(takesContent)) ends.push(claims.cover(banner));
          if (part) ends.push(part.open(element));
          if (place.changes.some(reachesEnd)) {
            open.add(key);
            ends.push(() => void open.delete(key));
          }
          if (ends.length > 0) claims.atEnd(element, () => ends.forEach((end) => void end()));
          const make = (reason: string | null) => {
            if (reason !== null) return leave(reason);
            for (const change of place.changes) makeChange(element, change);
            const whole = left.every((one) => one.banner !== banner);
            if (place.mark !== null && whole && !element.hasAttribute(MARK_ATTRIBUTE))
              element.setAttribute(MARK_ATTRIBUTE, place.mark);
            made.add(banner);
          };
          const filled = fillRotator(element, place, fill);
          return filled instanceof Promise ? filled.then(make).catch(() => leave("failed")) : make(filled);
        } catch {
          return leave("failed");
        }
      },
    });
    part?.watch(rewriter);
  });
  if (announced) {
    // What is announced behind the picture is another.
    rewriter.on('link[rel="preload"][as="image"]', { element: (link) => void (isDone() || link.remove()) });
  }
  return {
    rewriter,
    isOpen: () => open.size > 0,
    isDone,
    report: () => ({
      made: [...made].filter((banner) => left.every((one) => one.banner !== banner)),
      missing: bannersOf(missing),
      taken: [...taken],
      left: [...left],
    }),
  };
}

/** Whether what goes by is in a `<picture>`; only watched where a picture is put. */
function watchPictures(rewriter: HTMLRewriter, places: readonly Place[]): { inside: boolean } {
  const picture = { inside: false };
  if (!places.some((place) => imageIn(place) !== null)) return picture;
  rewriter.on("picture", {
    element(element) {
      picture.inside = watchEnd(element, () => {
        picture.inside = false;
      });
    },
  });
  return picture;
}

function imageIn({ changes }: Place) {
  for (const change of changes) if (change.kind === "image") return change.image;
  return null;
}

function bannersOf(keys: ReadonlySet<string>): string[] {
  return [...new Set([...keys].map((key) => key.split("\n", 1)[0] ?? ""))];
}

function takesContent({ kind }: Change): boolean {
  if (kind === "rotator" || kind === "dynamic-blocks") return true;
  return kind === "content" || kind === "element" || kind === "remove" || kind === "image";
}

/** Whether something of it is still to come when the element's own tag has gone by. */
function reachesEnd(change: Change): boolean {
  return takesContent(change) || change.kind === "append" || change.kind === "after";
}

function makeChange(element: Element, change: Change): void {
  switch (change.kind) {
    case "content":
      return void putContent(element, change.html);
    case "element":
      return void element.replace(change.html, { html: true });
    case "before":
    case "after":
    case "prepend":
    case "append":
      return void element[change.kind](change.html, { html: true });
    case "attributes":
      for (const [name, value] of change.attributes) {
        if (value === null) element.removeAttribute(name);
        else element.setAttribute(name, escapeText(value));
      }
      return;
    case "class": {
      const before = element.getAttribute("class");
      const has = new Set(before?.split(/\s+/) ?? []);
      const added = change.names.filter((name) => !has.has(name));
      if (added.length > 0) element.setAttribute("class", [before ?? "", ...added].join(" ").trim());
      return;
    }
    case "remove":
      return void element.remove();
    case "image":
    case "rotator":
    case "dynamic-blocks":
      // Made where their parts stand: the element itself or what it contains.
      return;
    case "cms-block":
      // Became content when the plan was filled.
      return;
  }
}
