/** Destination flows of Adobe's Flow Service: which audiences are activated to which destination. */

import { type AudienceId, parseAudienceId } from "./audience.ts";
import { decodePercent } from "./percent.ts";
import { isRecord } from "./record.ts";
import { fail, ok, type Result } from "./result.ts";

export interface DestinationFlow {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  /** Its target connections: the destinations themselves. */
  readonly destinationIds: readonly string[];
  /** Which kind of destination; Adobe has not published the one of Commerce. */
  readonly connectionSpecIds: readonly string[];
  readonly audienceIds: readonly AudienceId[];
}

export interface FlowPage {
  readonly flows: readonly DestinationFlow[];
  /** The query parameter of the next page, as `continuationToken=…`, not percent-encoded; null on the last. */
  readonly next: string | null;
}

/** One answer of `GET /data/foundation/flowservice/flows`. */
export function readFlowPage(body: unknown): Result<FlowPage, "not-a-flow-page"> {
  if (!isRecord(body) || !Array.isArray(body["items"])) return fail("not-a-flow-page");
  return ok({ flows: body["items"].flatMap((item) => readFlow(item) ?? []), next: readNext(body) });
}

/** By the id of the flow, of its target connection, or of the kind of destination. */
export function isDestination(flow: DestinationFlow, picked: readonly string[]): boolean {
  const ids = [flow.id, ...flow.destinationIds, ...flow.connectionSpecIds];
  return ids.some((id) => picked.includes(id));
}

function readFlow(item: unknown): DestinationFlow | null {
  if (!isRecord(item) || text(item["id"]) === "") return null;
  const inherited = isRecord(item["inheritedAttributes"]) ? item["inheritedAttributes"] : {};
  const connections = list(inherited["targetConnections"]);
  const written = item["targetConnectionIds"];
  const named = [...(Array.isArray(written) ? written : []), ...connections.map(({ id }) => id)];
  const specs = connections.map(({ connectionSpec }) =>
    isRecord(connectionSpec) ? connectionSpec["id"] : "",
  );
  return {
    id: text(item["id"]),
    name: text(item["name"]).slice(0, 500),
    state: text(item["state"]) || "enabled",
    destinationIds: texts(named),
    connectionSpecIds: texts(specs),
    audienceIds: list(item["transformations"]).flatMap(readSelectors),
  };
}

/** `params.segmentSelectors.selectors[]`, each `{ type: "PLATFORM_SEGMENT", value: { id } }`. */
function readSelectors({ params }: Item): AudienceId[] {
  const selectors =
    isRecord(params) && isRecord(params["segmentSelectors"]) ? params["segmentSelectors"] : {};
  return list(selectors["selectors"]).flatMap(({ value }) => {
    const id = isRecord(value) ? parseAudienceId(text(value["id"])) : null;
    return id === null ? [] : [id];
  });
}

function readNext(body: Item): string | null {
  const links = body["_links"];
  const next = isRecord(links) ? links["next"] : null;
  const href = isRecord(next) ? text(next["href"]) : "";
  const [, name, value] = /[?&](continuationToken|start)=([^&]+)/.exec(href) ?? [];
  if (name !== undefined && value !== undefined) return `${name}=${decodePercent(value) ?? value}`;
  const token = text(body["continuationToken"]);
  return token === "" ? null : `continuationToken=${token}`;
}

type Item = Readonly<Record<string, unknown>>;

function list(value: unknown): Item[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function texts(values: readonly unknown[]): string[] {
  return [...new Set(values.map(text).filter((one) => one !== ""))];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
