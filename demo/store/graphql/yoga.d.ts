/** The types of the door to graphql-yoga. */

import type { Asker } from "./asker.ts";
import type { Problem } from "./question.ts";

export interface ServerOptions {
  readonly typeDefs: readonly string[];
  /** By type and field: `(parent, arguments, asker) => value`. */
  readonly resolvers: Readonly<Record<string, object>>;
}

export interface ServerQuestion {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>> | null;
}

export interface ServerAnswer {
  readonly data?: unknown;
  readonly errors?: readonly (Problem & { readonly path?: readonly (string | number)[] })[];
}

export interface Server {
  ask(question: ServerQuestion, asker: Asker): Promise<ServerAnswer>;
  /** The type of an input's field as it is written; empty for none. */
  typeOf(input: string, field: string): string;
}

export function openServer(options: ServerOptions): Server;
