/** Adobe Commerce's rotator: its shell is read as the theme writes it, and filled as its script would with the same membership. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AudienceId } from "../../src/core/audience.ts";
import type { CommerceBlock } from "../../src/core/commerce-content.ts";
import type { Membership, Trust } from "../../src/core/membership.ts";
import { fail, ok } from "../../src/core/result.ts";
import { fillShell, isShell, type Onlooker, readShell, type Shell } from "../../src/core/rotator.ts";

const VIP = "6f1c0d3e-0b52-4a7b-9a52-0c2f6f0d7a01";
const OTHER = "b3d7a9c2-5e44-4f0e-8d19-7a6c1e2f3b02";

/** As an Adobe Commerce 2.4 writes it. */
const written = {
  dataBind: "scope: 'banner'",
  uids: "MQ==,Mg==",
  ids: "1,2",
  displayMode: "fixed",
  types: "",
  rotate: "",
};

const block = (uid: string, html: string, ...audiences: string[]): CommerceBlock => ({
  uid,
  audiences,
  content: ok(html),
});

const member = (trust: Trust, ...audiences: string[]): Membership => ({
  kind: "member",
  source: "cookie",
  trust,
  audiences: new Set(audiences as AudienceId[]),
  unknown: null,
  lost: [],
});
const nobody: Membership = { kind: "none", reason: "absent", trust: "claimed", lost: [] };

const shell: Shell = { uids: ["MQ==", "Mg=="], locations: [], rotates: false };
const both = [block("Mg==", "<p>vip</p>", VIP, OTHER), block("MQ==", "<p>all</p>")];
const onlooker: Onlooker = { membership: member("claimed", VIP), trust: "claimed", chance: 0 };

describe("a shell", () => {
  it("names its blocks in the order in which they are shown", () => {
    expect(readShell(written, 300)).toEqual(ok(shell));
  });

  it("of an older release names them by number", () => {
    expect(readShell({ ...written, uids: null, ids: "2, 1" }, 300)).toEqual(
      ok({ ...shell, uids: ["Mg==", "MQ=="] }),
    );
  });

  it("may show one at a time, and of some places alone", () => {
    const read = readShell({ ...written, rotate: "random", types: "content,leftcol" }, 300);
    expect(read).toEqual(ok({ ...shell, rotates: true, locations: ["CONTENT", "LEFT"] }));
  });

  it.each([
    ["no-rotator", { dataBind: null }],
    ["no-rotator", { dataBind: "scope: 'minicart_content'" }],
    ["no-rotator", { types: "content,somewhere" }],
    ["price-rule-blocks", { displayMode: "salesrule" }],
    ["no-blocks-named", { uids: "", ids: "" }],
    ["no-blocks-named", { uids: "rubbish", ids: "1e3" }],
  ] as const)("is left (%s) with %o", (reason, change) => {
    expect(readShell({ ...written, ...change }, 300)).toEqual(fail(reason));
  });

  it("with more blocks than Commerce answers at once is left", () => {
    expect(readShell(written, 1)).toEqual(fail("too-many-blocks"));
  });

  it("is known by its binding, however it is quoted", () => {
    for (const dataBind of [
      "scope: 'banner'",
      "scope:&#039;banner&#039;",
      "visible: x, scope : &quot;banner&quot;",
    ]) {
      expect(isShell(dataBind)).toBe(true);
    }
    for (const dataBind of ["scope: 'banners'", "microscope: 'banner'", "", null]) {
      expect(isShell(dataBind)).toBe(false);
    }
  });
});

describe("a shopper", () => {
  it("gets the blocks for everyone and for an audience of theirs, as Knockout would have left them", () => {
    expect(fillShell(shell, both, onlooker)).toEqual({
      html:
        '<ul class="banner-items"><li class="banner-item" data-banner-id="1"><div class="banner-item-content"><p>all</p></div></li>' +
        '<li class="banner-item" data-banner-id="2"><div class="banner-item-content"><p>vip</p></div></li></ul>',
      reason: null,
      blocks: [
        { block: "MQ==", shown: true, reason: "for-everyone" },
        { block: "Mg==", shown: true, reason: "in-audience" },
      ],
    });
  });

  it.each([
    ["not-in-audience", member("claimed", "0a9b8c7d-1122-4333-8444-5566778899aa"), "claimed"],
    ["no-membership", nobody, "claimed"],
    ["not-verified", member("claimed", VIP), "verified"],
  ] as const)(
    "does not get a block of others (%s), but what is for everyone",
    (reason, membership, trust) => {
      const filled = fillShell(shell, both, { ...onlooker, membership, trust });
      expect(filled.html).toContain("<p>all</p>");
      expect(filled.html).not.toContain("<p>vip</p>");
      expect(filled.blocks).toContainEqual({ block: "Mg==", shown: false, reason });
    },
  );

  it("of whom nothing is known keeps the store's own script where no block is for everyone", () => {
    const vipAlone = { ...shell, uids: ["Mg=="] };
    expect(fillShell(vipAlone, both, { ...onlooker, membership: nobody })).toMatchObject({
      html: null,
      reason: "no-membership",
    });
    expect(fillShell(vipAlone, both, { ...onlooker, trust: "verified" })).toMatchObject({
      html: null,
      reason: "not-verified",
    });
    const other = fillShell(vipAlone, both, {
      ...onlooker,
      membership: member("claimed", OTHER.replace("b", "c")),
    });
    expect(other).toMatchObject({ html: '<ul class="banner-items"></ul>', reason: null });
  });

  it("keeps it as well where Commerce does not give a block, which may be for whom GraphQL never asks", () => {
    expect(fillShell(shell, both.slice(0, 1), onlooker)).toMatchObject({
      html: null,
      reason: "block-missing",
    });
    const narrowed: Shell = { ...shell, locations: ["CONTENT"] };
    expect(fillShell(narrowed, both.slice(0, 1), onlooker).html).toContain("<p>vip</p>");
  });

  it("keeps it where one of theirs can't be shown as it is, and not for one of others", () => {
    const broken = { ...block("Mg==", "", VIP), content: fail("unresolved-directive" as const) };
    const found = [block("MQ==", "<p>all</p>"), broken];
    expect(fillShell(shell, found, onlooker)).toMatchObject({ html: null, reason: "unresolved-directive" });
    expect(fillShell(shell, found, { ...onlooker, membership: nobody }).html).toContain("<p>all</p>");
  });
});

describe("a rotator that shows one at a time", () => {
  const turning: Shell = { ...shell, rotates: true };

  it("shows one of the shopper's own by chance, and says why not the others", () => {
    const first = fillShell(turning, both, { ...onlooker, chance: 0.49 });
    const last = fillShell(turning, both, { ...onlooker, chance: 0.99 });
    expect([first.html, last.html]).toEqual([
      expect.stringMatching(/^(?!.*vip).*all/),
      expect.stringMatching(/^(?!.*all).*vip/),
    ]);
    expect(last.blocks[0]).toEqual({ block: "MQ==", shown: false, reason: "other-turn" });
  });
});

it("nobody ever sees a block of an audience that they are not trusted to be in", () => {
  const audience = fc.constantFrom(VIP, OTHER);
  const trust = fc.constantFrom<Trust>("claimed", "verified");
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ id: fc.integer({ min: 1, max: 9 }), audiences: fc.uniqueArray(audience) }), {
        selector: ({ id }) => id,
      }),
      fc.option(fc.record({ trust, audiences: fc.uniqueArray(audience, { minLength: 1 }) })),
      fc.record({ trust, rotates: fc.boolean(), chance: fc.double({ min: 0, max: 0.999, noNaN: true }) }),
      (written, known, { trust: needed, rotates, chance }) => {
        const found = written.map(({ id, audiences }) => block(btoa(String(id)), `[${id}]`, ...audiences));
        const uids = found.map(({ uid }) => uid);
        const membership = known === null ? nobody : member(known.trust, ...known.audiences);
        const filled = fillShell({ uids, locations: [], rotates }, found, {
          membership,
          trust: needed,
          chance,
        });
        const isKnown = known !== null && (needed === "claimed" || known.trust === "verified");
        const theirs = written.filter(
          ({ audiences }) =>
            audiences.length === 0 || (isKnown && audiences.some((id) => known.audiences.includes(id))),
        );
        const shown = written.filter(({ id }) => filled.html?.includes(`[${id}]`));
        expect(theirs).toEqual(expect.arrayContaining(shown));
        if (filled.html !== null)
          expect(shown).toHaveLength(rotates ? Math.min(1, theirs.length) : theirs.length);
      },
    ),
    { seed: 5, numRuns: 300 },
  );
});
