/** A dynamic block's uid: the base64 of its id, in the one spelling that Commerce reads. */

import fc from "fast-check";
import { expect, it } from "vitest";
import { blockUid, parseBlockUid } from "../../src/core/dynamic-block/uid.ts";

const ids = fc.integer({ min: 1, max: 4_294_967_295 });

it("writes ids as everybody's base64 does, and reads them back", () => {
  fc.assert(
    fc.property(ids, (id) => {
      expect(blockUid(id)).toBe(btoa(String(id)));
      expect(parseBlockUid(blockUid(id))).toBe(id);
    }),
  );
});

it.each([
  "",
  "=",
  "MQ",
  "MQ=",
  "MR==",
  "MA==",
  "MDE=",
  "aGVybw==",
  "MQ==\n",
  "LTE=",
  btoa("1.5"),
  btoa("1 "),
])("reads nothing from %j", (uid) => {
  expect(parseBlockUid(uid)).toBeNull();
});
