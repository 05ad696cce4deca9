/** What is broken on purpose, and how KV breaks. */

export interface Faults {
  adobe: "up" | "down";
  kv: "up" | "broken";
  worker: "on" | "off";
}

/** One for all visitors of this demo; it lives as long as the isolate. */
export const faults: Faults = { adobe: "up", kv: "up", worker: "on" };

/** Takes from an unknown body what it understands; false if there was nothing. */
export function setFaults(asked: unknown): boolean {
  if (typeof asked !== "object" || asked === null) return false;
  const { adobe, kv, worker } = asked as Readonly<Record<keyof Faults, unknown>>;
  if (adobe === "up" || adobe === "down") faults.adobe = adobe;
  if (kv === "up" || kv === "broken") faults.kv = kv;
  if (worker === "on" || worker === "off") faults.worker = worker;
  return [adobe, kv, worker].some((one) => one !== undefined);
}

/** The namespace itself, until it is broken: then each call fails as KV fails on a bad day. */
export function breakable(kv: KVNamespace): KVNamespace {
  return new Proxy(kv, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name, target);
      if (typeof method !== "function") return method;
      if (faults.kv === "broken") return () => Promise.reject(new Error("KV GET failed: 500 Internal Error"));
      return method.bind(target);
    },
  });
}
