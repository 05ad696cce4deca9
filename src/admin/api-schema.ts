/** The shapes of the API's answers, as JSON Schema; a test holds them against what is really answered. */

export type Schema = Readonly<Record<string, unknown>> & { readonly type?: string | readonly string[] };

export const text: Schema = { type: "string" };
const integer: Schema = { type: "integer" };
const boolean: Schema = { type: "boolean" };
const time: Schema = { type: "string", description: "ISO 8601 in UTC." };

export function word(...known: readonly string[]): Schema {
  return { type: "string", enum: known };
}

export function list(items: Schema): Schema {
  return { type: "array", items };
}

/** Each property is always there, and no other. */
export function object(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}

export function nullable(schema: Schema): Schema {
  return { ...schema, type: [schema.type].flat().concat("null") as string[] };
}

const part = object({ added: list(text), removed: list(text), changed: list(text) });
export const difference = object({ audiences: part, banners: part, offers: part });

export const version = object({
  number: { ...integer, description: "Counted from 1." },
  state: word("draft", "published"),
  digest: { ...text, description: "What the edge calls the version." },
  at: time,
  who: text,
  from: { ...text, description: "The address that asked; empty where it is not known." },
  note: text,
  restores: { ...nullable(integer), description: "The older version whose file this is." },
  difference,
  bytes: integer,
});

const problem = object({
  path: { ...text, description: "Where, like banners[0].selector; empty for the whole file." },
  message: text,
});
export const problems = list(problem);

export const kept = object({
  version,
  pending: { ...nullable(text), description: "Why KV has not taken it yet; null: it has." },
  warnings: list(problem),
});

const changes = object({
  added: integer,
  removed: integer,
  changed: integer,
  kept: integer,
  renamed: list(object({ id: text, from: text, to: text })),
  vanished: list(object({ id: text, name: text })),
});

export const report = object({
  at: time,
  organizationId: text,
  sandbox: text,
  outcome: word("saved", "kept", "failed"),
  message: text,
  count: nullable(integer),
  changes: nullable(changes),
  needsConfirmation: { ...boolean, description: "The list lost more than half: ?confirm=shrink takes it." },
  durationMs: integer,
  ticks: integer,
  calls: integer,
});

export const progress = object({
  organizationId: text,
  sandbox: text,
  startedAt: time,
  step: word("flows", "list", "details", "publish"),
  taken: integer,
  pausedUntil: nullable(time),
});

export const auditEntry = object({
  at: time,
  who: { ...text, description: "An e-mail, a service, or the token's name." },
  from: text,
  action: word("publish", "rollback", "draft", "sync", "republish", "preview"),
  detail: text,
});

const audience = object({
  id: text,
  name: text,
  description: text,
  origin: text,
  lifecycle: nullable(text),
  evaluation: list(word("batch", "streaming", "edge")),
  websites: list(text),
  lastModified: nullable(time),
});

export const account = object({
  organizationId: text,
  sandbox: text,
  websites: list(text),
  syncedAt: { ...nullable(time), description: "null: never." },
  total: integer,
  audiences: list(audience),
  lastSync: nullable(report),
});

const verdict = word("pass", "warn", "fail");
const totals = object({
  shown: integer,
  heldBack: integer,
  verified: integer,
  claimed: integer,
  unknown: integer,
  orders: integer,
  refused: list(object({ reason: text, count: integer })),
  overruns: integer,
});

export const health = object({
  status: { ...verdict, description: "The worst of the checks." },
  at: time,
  checks: list(object({ name: text, status: verdict, output: text })),
  websites: list(
    object({
      code: text,
      mode: word("off", "watch", "on"),
      settingsMode: word("off", "watch", "on"),
      rollout: integer,
      adobeRestsUntilMs: { ...nullable(integer), description: "In the isolate that answered." },
    }),
  ),
  isolate: {
    ...object({
      rung: word("memory", "kv", "embedded", "none"),
      version: nullable(text),
      ageMs: nullable(integer),
    }),
    description: "The one that answered; there are others.",
  },
  last24Hours: nullable(totals),
  last24HoursMissing: { ...nullable(text), description: "Why there are no totals." },
});

export const liveState: Schema = {
  type: "object",
  properties: {
    kind: word("unmanaged", "same", "on-its-way", "drifted", "unknown"),
    number: { ...integer, description: "The version that should be in KV." },
    found: { type: "object", description: "What is there instead." },
    mended: boolean,
    reason: text,
  },
  required: ["kind"],
  additionalProperties: false,
};
