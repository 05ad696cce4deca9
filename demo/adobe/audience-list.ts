/** The audiences that Real-Time CDP has for this shop, with every oddity that Adobe's own samples show. */

import { bargainAudience, vipAudience } from "../store/price-rule.ts";

export type AudienceEntry = Readonly<Record<string, unknown>>;

interface Facts {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Days before the demo's "today" of its last change. */
  readonly age: number;
  readonly origin?: "CUSTOM_UPLOAD" | "AUDIENCE_ORCHESTRATION" | "AUDIENCE_MANAGER";
}

const dayMs = 86_400_000;

/** Fixed, so that two runs of the demo show the same list. */
const todayMs = Date.UTC(2026, 10, 20, 9, 30);

const facts: readonly Facts[] = [
  { id: vipAudience, name: "VIP", description: "Five orders or more in two years", age: 0.4 },
  { id: bargainAudience, name: "Bargain hunters", description: "Buy when there is a reason to", age: 0.7 },
  { id: uuid(1), name: "Cart abandoners, 7 days", description: "Left a cart with a jacket in it", age: 1 },
  { id: uuid(2), name: "First visit", description: "Not seen in the last 180 days", age: 1.2 },
  { id: uuid(3), name: "Repair customers", description: "Sent something to the workshop", age: 2 },
  {
    id: uuid(4),
    name: "Winter gear browsers",
    description: "Three or more views of down or shells",
    age: 2.5,
  },
  { id: uuid(5), name: "Lapsed, 12 months", description: "Last order more than a year ago", age: 4 },
  {
    id: uuid(6),
    name: "Newsletter readers",
    description: "Opened two of the last four letters",
    age: 5,
    origin: "CUSTOM_UPLOAD",
  },
  { id: uuid(7), name: "Gift givers", description: "Different delivery name in December", age: 6 },
  { id: uuid(8), name: "Merino loyalists", description: "Bought base layers twice", age: 7 },
  { id: uuid(9), name: "High returns", description: "Sends back more than half", age: 9 },
  { id: uuid(10), name: "Trail runners", description: "Came through the race pages", age: 11 },
  {
    id: uuid(11),
    name: "Hut wardens",
    description: "Trade accounts of mountain huts",
    age: 12,
    origin: "CUSTOM_UPLOAD",
  },
  {
    id: uuid(12),
    name: "Propensity to buy: high",
    description: "Top decile of the model",
    age: 13,
    origin: "AUDIENCE_ORCHESTRATION",
  },
  {
    id: uuid(13),
    name: "Propensity to churn: high",
    description: "Top decile of the model",
    age: 13,
    origin: "AUDIENCE_ORCHESTRATION",
  },
  {
    id: "QU9fLTEzNzQwOTI4MTg_6ed34f6f-fe21-4a30-934f-6ffe21fa3075",
    name: "Partner: alpine club members",
    description: "Shared by the alpine club",
    age: 15,
    origin: "CUSTOM_UPLOAD",
  },
  {
    id: uuid(14),
    name: "Store visitors, weekend",
    description: "Receipts from the two shops",
    age: 18,
    origin: "CUSTOM_UPLOAD",
  },
  { id: uuid(15), name: "Français", description: "Shops in the French store view", age: 21 },
  { id: uuid(16), name: "Accessories only", description: "Never bought a layer", age: 24 },
  { id: uuid(17), name: "Big baskets", description: "Average order over $300", age: 30 },
  { id: uuid(18), name: "Sunday evenings", description: "Most visits after six on a Sunday", age: 36 },
  {
    id: uuid(19),
    name: "Ad visitors: rain campaign",
    description: "Came by the autumn campaign",
    age: 41,
    origin: "AUDIENCE_MANAGER",
  },
  { id: uuid(20), name: "Waitlist: Ridge Pack", description: "Asked to be told", age: 48 },
  { id: uuid(21), name: "Employees", description: "Work here", age: 90 },
  { id: uuid(22), name: "Test shoppers", description: "Do not delete", age: 200 },
];

export const audienceList: readonly AudienceEntry[] = facts.map((one, index) =>
  withOddity(entry(one), index),
);

/** How many there are at the moment: lives as long as the isolate. */
let wantedCount = audienceList.length;

/** `POST /demo/audiences { "count": 4000 }`: a sandbox as full as Adobe allows, or nearly empty. */
export async function resizeAudiences(request: Request): Promise<Response> {
  const asked = await request.json<{ count?: unknown }>().catch(() => ({ count: undefined }));
  const { count } = asked;
  if (typeof count !== "number" || !Number.isInteger(count) || count < 0 || count > 10_000) {
    return Response.json({ error: "count is a whole number up to 10,000" }, { status: 400 });
  }
  wantedCount = count;
  return Response.json({ count });
}

export function currentAudiences(): readonly AudienceEntry[] {
  const more = Math.max(0, wantedCount - audienceList.length);
  const invented = Array.from({ length: more }, (_, index) =>
    entry({
      id: `0a0d1e0c-0000-4000-8000-${String(index).padStart(12, "0")}`,
      name: `Look-alike ${index + 1}`,
      description: "One of very many",
      age: 300 + index / 10,
    }),
  );
  return [...audienceList.slice(0, wantedCount), ...invented];
}

function entry(one: Facts): Record<string, unknown> {
  const changedMs = todayMs - one.age * dayMs;
  const createdMs = changedMs - 60 * dayMs;
  const external = one.origin !== undefined;
  return {
    id: one.id,
    audienceId: external ? one.id.split("_")[0] : one.id,
    schema: { name: "_xdm.context.profile" },
    sandbox: {
      sandboxId: "28e74200-e3de-11e9-8f5d-7f27416c5f0d",
      sandboxName: "prod",
      type: "production",
      default: true,
    },
    isSystem: false,
    name: one.name,
    description: one.description,
    type: external ? "ExternalSegment" : "SegmentDefinition",
    originName: one.origin ?? "REAL_TIME_CUSTOMER_PROFILE",
    namespace: external ? "CustomerAudienceUpload" : "AEPSegments",
    lifecycleState: "published",
    evaluationInfo: {
      batch: { enabled: false },
      continuous: { enabled: true },
      synchronous: { enabled: !external },
    },
    overridePerformanceWarnings: false,
    createdBy: "6ED34F6FFE214A30@techacct.adobe.com",
    creationTime: createdMs,
    updateTime: changedMs,
    createEpoch: Math.floor(createdMs / 1000),
    updateEpoch: Math.floor(changedMs / 1000),
    labels: [],
    dependents: [],
    dependencies: [],
    _etag: `"${one.id.slice(0, 8)}-0000-0200-0000-65af"`,
  };
}

/** Units, names and missing fields as they are mixed up in Adobe's documented answers. */
function withOddity(whole: Record<string, unknown>, index: number): AudienceEntry {
  switch (index) {
    case 3:
      return { ...whole, creationTime: Number(whole["creationTime"]) * 1000 };
    case 5:
      return { ...whole, updateEpoch: Number(whole["updateEpoch"]) * 1000 };
    case 8: {
      const { updateTime: _, updateEpoch: __, ...rest } = whole;
      return rest;
    }
    case 10: {
      const { lifecycleState: _, ...rest } = whole;
      return { ...rest, lifecycle: "active" };
    }
    case 15:
      return { ...whole, type: "ExternalAudience", ttlInDays: 30 };
    case 20: {
      const { description: _, ...rest } = whole;
      return rest;
    }
    default:
      return whole;
  }
}

/** Looks like any other UUID and never changes. */
function uuid(seed: number): string {
  const hex = (salt: number, length: number) =>
    Math.imul(seed * 2_654_435_761 + salt * 40_503, 2_246_822_519)
      .toString(16)
      .replace("-", "f")
      .padStart(length, "3")
      .slice(-length);
  return `${hex(1, 8)}-${hex(2, 4)}-4${hex(3, 3)}-9${hex(4, 3)}-${hex(5, 8)}${hex(6, 4)}`;
}
