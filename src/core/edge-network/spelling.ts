/** Names as the most tolerant parser would compare them, so that no other spelling of a name slips by. */

/**
 * Upper, then lower case, as Java's `equalsIgnoreCase` compares (so `ı` and `ſ` count as `i` and `s`), and
 * then only letters and digits: `config_Id`, `configId[]` and `config\u0000Id` are all `configid…`.
 */
export function foldName(name: string): string {
  return plainName.test(name)
    ? name.toLowerCase()
    : name
        .normalize("NFKC")
        .toUpperCase()
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "");
}

const plainName = /^[A-Za-z0-9]*$/;
