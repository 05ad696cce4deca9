/** The one type of the Workers platform that the settings and the switch name; the commands run in Node. */

interface KVNamespace {
  get(key: string, type: "text"): Promise<string | null>;
}
