/** A pretend Edge Network of the tests' own: Adobe's wire format, with answers, delays and faults in the test's hand. */

import type { ServerResponse } from "node:http";
import { type Origin, type SeenRequest, startOrigin } from "./origin.ts";

export const ORGANIZATION = "ABC@AdobeOrg";
export const DATASTREAM = "7e1c0c5a-2f1b-4d0a-9c4e-1a2b3c4d5e6f";

/** What stands in a `handle`. */
export interface Handle {
  readonly type: string;
  readonly payload: readonly unknown[];
}

export type Behaviour = (question: SeenRequest, response: ServerResponse) => void | Promise<void>;

export interface EdgeNetwork extends Pick<Origin, "url" | "port" | "seen" | "stop"> {
  /** Who is in which audiences; of nobody else anything is known. */
  readonly members: Map<string, readonly string[]>;
  /** In place of Adobe's usual answer, until `recover`. */
  behave(behaviour: Behaviour): void;
  recover(): void;
  /** From now on calls wait for their answer, until the function that this returns is called. */
  hold(): () => void;
  /** As soon as that many calls have come in. */
  asked(count: number): Promise<void>;
}

export async function startEdgeNetwork(): Promise<EdgeNetwork> {
  const members = new Map<string, readonly string[]>();
  const usual: Behaviour = (question, response) => answerAs(question, response, members);
  let behaviour = usual;
  let held: Promise<void> = Promise.resolve();
  const waiting = new Set<() => void>();
  const origin = await startOrigin(async (question, response) => {
    for (const look of waiting) look();
    await held;
    await behaviour(question, response);
  });
  return {
    url: origin.url,
    port: origin.port,
    seen: origin.seen,
    stop: origin.stop,
    members,
    behave(next) {
      behaviour = next;
    },
    recover() {
      behaviour = usual;
    },
    hold() {
      let release: () => void = () => undefined;
      held = new Promise((resolve) => {
        release = resolve;
      });
      return () => release();
    },
    asked: (count) =>
      new Promise((resolve) => {
        const look = () => {
          if (origin.seen.length < count) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

function answerAs(
  question: SeenRequest,
  response: ServerResponse,
  members: ReadonlyMap<string, readonly string[]>,
): void {
  if (question.url.includes("/collect")) {
    response.writeHead(204);
    response.end();
    return;
  }
  const ecid = ecidOf(question);
  answer(response, ecid === null ? [] : [identity(ecid), pull(members.get(ecid) ?? null)]);
}

/** Adobe's order (reference §3.5): the identity map, then the cookie. */
export function ecidOf({ header, body }: SeenRequest): string | null {
  const named = /"ECID":\[\{"id":"([0-9]+)"/.exec(body.toString())?.[1];
  const cookie = /kndctr_ABC_AdobeOrg_identity=([^;]+)/.exec(header("cookie") ?? "")?.[1];
  const decoded = cookie === undefined ? "" : Buffer.from(cookie, "base64url").toString("latin1");
  return named ?? /^\n&([0-9]{38})/.exec(decoded)?.[1] ?? null;
}

export function answer(
  response: ServerResponse,
  handle: readonly Handle[],
  { status = 200, headers = {} as Readonly<Record<string, string | readonly string[]>>, more = {} } = {},
): void {
  response.writeHead(status, {
    "content-type": "application/json;charset=utf-8",
    "x-adobe-edge": "IRL1;6",
    ...(headers as Record<string, string | string[]>),
  });
  response.end(JSON.stringify({ requestId: "0a1b2c3d-0000-4000-8000-000000000001", handle, ...more }));
}

export function identity(ecid: string): Handle {
  return { type: "identity:result", payload: [{ id: ecid, namespace: { code: "ECID" } }] };
}

/** null: Adobe's edge knows nothing of that profile yet. */
export function pull(audiences: readonly string[] | null): Handle {
  const destination = {
    type: "profileLookup",
    destinationId: "0d3f4b5c-1111-4222-8333-444455556666",
    alias: "shop",
    segments: audiences?.map((id) => ({ id, namespace: "ups" })),
  };
  return { type: "activation:pull", payload: audiences === null ? [] : [destination] };
}

/** What makes a browser one with that identity. */
export function issue(ecid: string): Handle {
  const entry = {
    key: "kndctr_ABC_AdobeOrg_identity",
    value: identityValue(ecid),
    maxAge: 34_128_000,
    attrs: { SameSite: "None" },
  };
  return { type: "state:store", payload: [entry] };
}

/** 38 digits that are always the same for the same number. */
export function ecidNumber(number: number): string {
  return String(number).padStart(38, "2");
}

/** `kndctr_<ORG>_identity`: a protobuf whose field 1 is the ECID. */
export function identityValue(ecid: string): string {
  return Buffer.from(`\n${String.fromCharCode(ecid.length)}${ecid}`, "latin1").toString("base64url");
}
