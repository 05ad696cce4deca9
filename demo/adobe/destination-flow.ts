/** The destinations to which this organization has activated audiences, as Flow Service lists them. */

import { bargainAudience, vipAudience } from "../store/price-rule.ts";
import { audienceList } from "./audience-list.ts";

/** Commerce's own kind of destination; Adobe has not published the real id. */
const commerceSpec = "c0333e2c-0000-4000-8000-00000000c0de";
const mailSpec = "a11a11a1-0000-4000-8000-000000000e11";

/** Its pages are smaller than real ones, so that a demo has several. */
const pageSize = 2;

const idsOf = (from: number, to: number) => audienceList.slice(from, to).map(({ id }) => String(id));

const flows = [
  flow("f10a0001-0000-4000-8000-000000000001", "Commerce: Main Website", commerceSpec, [
    vipAudience,
    bargainAudience,
    ...idsOf(2, 9),
  ]),
  flow("f10a0001-0000-4000-8000-000000000002", "Newsletter tool", mailSpec, idsOf(7, 12)),
  flow("f10a0001-0000-4000-8000-000000000003", "Commerce: B2B", commerceSpec, idsOf(8, 15)),
  {
    ...flow("f10a0001-0000-4000-8000-000000000004", "Commerce: old staging", commerceSpec, idsOf(0, 20)),
    state: "disabled",
  },
];

/** `GET /data/foundation/flowservice/flows` */
export function listFlows(params: URLSearchParams): unknown {
  const property = params.get("property") ?? "";
  const found = property === "inheritedAttributes.properties.isDestinationFlow==true" ? flows : [];
  const start = Number(atob(params.get("continuationToken") ?? "") || 0);
  const limit = Math.min(pageSize, Number(params.get("limit")) || pageSize);
  const after = start + limit;
  const query = new URLSearchParams({ property, limit: String(limit), continuationToken: btoa(`${after} `) });
  const links = after < found.length ? { next: { href: `/flows?${query}` } } : {};
  return { items: found.slice(start, after), _links: links };
}

function flow(id: string, name: string, specId: string, audienceIds: readonly string[]) {
  const target = id.replace("f10a", "7a46");
  const selectors = audienceIds.map((one) => ({
    type: "PLATFORM_SEGMENT",
    value: {
      id: one,
      name: nameOf(one),
      description: "",
      createTime: "1763000000",
      updateTime: "1763000000",
    },
  }));
  return {
    id,
    name,
    description: "",
    state: "enabled",
    createdAt: 1_763_000_000_000,
    updatedAt: 1_763_000_000_000,
    targetConnectionIds: [target],
    inheritedAttributes: {
      properties: { isDestinationFlow: true },
      targetConnections: [{ id: target, connectionSpec: { id: specId, version: "1.0" } }],
    },
    transformations: [{ name: "GeneralTransform", params: { segmentSelectors: { selectors } } }],
  };
}

function nameOf(id: string): unknown {
  return audienceList.find((one) => one["id"] === id)?.["name"] ?? "";
}
