/** The chosen picture is announced for its kind of screen; of what the store announces, only pictures go. */

import { expect, it } from "vitest";
import { preloadsOf, withoutImagePreloads } from "../../src/core/preload.ts";

const image = {
  desktop: "/d.jpg",
  mobile: null,
  alt: "",
  size: null,
  mobileSize: null,
  link: null,
  heading: null,
  belowTheFold: false,
};

it("announces one picture for all screens, or one for each", () => {
  expect(preloadsOf(image)).toEqual(["</d.jpg>; rel=preload; as=image; fetchpriority=high"]);
  expect(preloadsOf({ ...image, mobile: "/m.jpg" })).toEqual([
    '</m.jpg>; rel=preload; as=image; fetchpriority=high; media="(max-width: 768px)"',
    '</d.jpg>; rel=preload; as=image; fetchpriority=high; media="not all and (max-width: 768px)"',
  ]);
});

it.each<[string, string[] | null]>([
  ["", null],
  ["</a.css>; rel=preload; as=style", null],
  ["</a.jpg>; rel=preload; as=image", []],
  [
    '</a,b.jpg>; as="image"; rel="preload", </c.js>; rel=preload; as=script',
    ["</c.js>; rel=preload; as=script"],
  ],
  [
    '<https://x/>; rel=preconnect, </a.jpg>;rel=preload;as=image;media="(a), (b)" , </f>; rel=next; title="a, b"',
    ["<https://x/>; rel=preconnect", '</f>; rel=next; title="a, b"'],
  ],
  ["</a.jpg>; rel=prefetch; as=image", null],
])("of %s keeps %o", (header, kept) => {
  expect(withoutImagePreloads(header)).toEqual(kept);
});
