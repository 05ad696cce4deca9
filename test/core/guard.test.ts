/** Guards: switching a live website off loosens nothing, and a website that never was live is left alone. */

import { expect, it } from "vitest";
import type { AudienceId } from "../../src/core/audience.ts";
import { guardsCoupons, planStripped, stripsClaims } from "../../src/core/guard.ts";
import type { Membership, Trust } from "../../src/core/membership.ts";
import type { Mode, Website } from "../../src/core/website.ts";
import { readSettings } from "../../src/settings.ts";

const modes: readonly Mode[] = ["off", "watch", "on"];

it("a live website that is switched off or to watching believes no claim more than before", () => {
  const told = modes.flatMap((settings) =>
    modes.flatMap((mode) =>
      (["verified", "claimed"] satisfies Trust[]).flatMap((trust) =>
        [true, false].flatMap((inRollout) =>
          stripsClaims({ website: { mode: settings, trust }, mode, inRollout })
            ? [`${settings} → ${mode}, ${trust}, ${inRollout ? "inside" : "outside"}`]
            : [],
        ),
      ),
    ),
  );
  expect(told).toEqual(["on → off, verified, inside", "on → watch, verified, inside"]);
});

it("exclusive codes are guarded in every mode, but where a website that never was live is off", () => {
  const open = modes.flatMap((settings) =>
    modes.flatMap((mode) =>
      guardsCoupons({ website: { mode: settings, trust: "verified" } as Website, mode })
        ? []
        : [`${settings} → ${mode}`],
    ),
  );
  expect(open).toEqual(["off → off", "watch → off"]);
});

it("where claims are stripped Commerce is told what a backend vouches for, and nothing else", () => {
  const settings = readSettings({
    WEBSITES: { main: { hosts: ["shop.test"], origin: "http://origin.test", trust: "verified" } },
  });
  if (!settings.ok) throw new Error("settings");
  const [website] = settings.value.websites;
  if (!website) throw new Error("website");
  const id = "6f1c0d3e-0b52-4a7b-9a52-0c2f6f0d7a01" as AudienceId;
  const member = (source: Extract<Membership, { kind: "member" }>["source"], trust: Trust): Membership => ({
    kind: "member",
    source,
    trust,
    audiences: new Set([id]),
    unknown: null,
    lost: [],
  });
  const plan = (membership: Membership) =>
    planStripped({
      website,
      method: "POST",
      path: "/graphql",
      graphql: true,
      membership,
      preferred: new Set(),
    });
  expect(plan(member("backend", "verified"))).toEqual({ kind: "header", text: id, sent: 1, cut: 0 });
  for (const one of [
    member("header", "claimed"),
    member("cookie", "claimed"),
    member("signed-cookie", "verified"),
  ])
    expect(plan(one)).toEqual({ kind: "none", reason: "not-verified" });
});
