/** Claims: where the selectors of two banners meet, the banner that stands first in the file has the element. */

export interface Claims {
  /** Called for an element by each selector that finds it, before anything is done to it. */
  meet(): void;
  /** Called instead of `claim` where a selector found its place before. */
  pass(): void;
  /** Whether that banner may edit the element that was met last. */
  claim(banner: string): boolean;
  /** What is in the element goes with it, or is that banner's, until the answered function is called. */
  cover(banner: string): () => void;
  /** Runs at the end of that element, the one that was met last; at once where it has no end. */
  atEnd(element: Element, run: () => void): void;
}

/**
 * HTMLRewriter calls an element's handlers in the order in which they were added, and hands each of them an
 * object of its own: so a new element is known by being met again after something was done.
 */
export function openClaims(): Claims {
  let owner: string | null = null;
  let meeting = false;
  let ends: (() => void)[] | null = null;
  const covers: string[] = [];
  return {
    meet() {
      if (!meeting) {
        owner = null;
        ends = null;
      }
      meeting = true;
    },
    pass() {
      meeting = false;
    },
    claim(banner) {
      meeting = false;
      if (owner !== null && owner !== banner) return false;
      if (covers.some((one) => one !== banner)) return false;
      owner = banner;
      return true;
    },
    cover(banner) {
      covers.push(banner);
      return () => void covers.pop();
    },
    atEnd(element, run) {
      if (ends !== null) return void ends.push(run);
      const all = [run];
      // HTMLRewriter keeps only the last that was given.
      if (watchEnd(element, () => all.forEach((one) => void one()))) ends = all;
      else run();
    },
  };
}

/** Whether it has one: in an element like <img> is nothing. */
export function watchEnd(element: Element, end: () => void): boolean {
  try {
    element.onEndTag(end);
    return true;
  } catch {
    return false;
  }
}
