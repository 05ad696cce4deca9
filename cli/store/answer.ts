/** What a store answered, as plain data: everything that is found is read from this. */

export interface Answer {
  readonly kind: "answer";
  readonly path: string;
  readonly status: number;
  /** As they came, names in lower case; `set-cookie` may stand there more than once. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** Nothing came, or not in time. */
export interface Silence {
  readonly kind: "silence";
  readonly path: string;
  /** Ends a sentence: "no answer in 20 seconds". */
  readonly reason: string;
}

export type Asked = Answer | Silence;

/** All lines of that name, as RFC 9110 §5.3 joins them; null: there is none. */
export function headerOf({ headers }: Answer, name: string): string | null {
  const lines = headers.filter(([one]) => one === name).map(([, value]) => value);
  return lines.length === 0 ? null : lines.join(", ");
}

export function setsCookie({ headers }: Answer, cookie: string): boolean {
  return headers.some(([name, value]) => name === "set-cookie" && value.startsWith(`${cookie}=`));
}

/** Where a redirect leads; null: it is none, or it leads nowhere. */
export function redirectOf(answer: Answer, base: URL): URL | null {
  const location = headerOf(answer, "location");
  if (answer.status < 300 || answer.status > 399 || location === null) return null;
  const from = new URL(answer.path, base);
  return URL.canParse(location, from) ? new URL(location, from) : null;
}

/** A page that was given, not a redirect, an error or a challenge. */
export function isPage(asked: Asked): asked is Answer {
  return (
    asked.kind === "answer" &&
    asked.status === 200 &&
    /^text\/html\b/i.test(headerOf(asked, "content-type") ?? "")
  );
}
