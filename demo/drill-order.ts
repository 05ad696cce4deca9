/** What `npm run drill` can order of the demo: how KV, the clock, the control plane and the weather shall be. */

/** On the way to a host: it hangs, drips a byte a second, breaks off, is not there, or names an unknown charset. */
export type Weather = "clear" | "hangs" | "drips" | "breaks" | "gone" | "unreadable";

export interface Outlook {
  readonly store?: Weather;
  readonly adobe?: Weather;
}

export type KvTrouble = "none" | "throws" | "hangs" | "rubbish";

export interface DrillOrder {
  readonly kv?: KvTrouble;
  readonly control?: "up" | "down";
  /** Adds to the clock. */
  readonly aheadMs?: number;
  /** As an isolate that has not served a request yet. */
  readonly cold?: boolean;
  /** What was deployed with the Worker as the last rung; null: nothing that can be used. */
  readonly embedded?: Readonly<Record<string, unknown>> | null;
  /** In place of the demo's settings; null: the demo's own again. */
  readonly vars?: Readonly<Record<string, unknown>> | null;
  readonly weather?: Outlook;
}
