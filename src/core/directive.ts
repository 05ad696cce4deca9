/** Directives: what Commerce's template filter would have resolved, `{{media url="…"}}`, where its GraphQL hands it out. */

import { fail, ok, type Result } from "./result.ts";

/** Addresses of a store view, each with a slash at its end, as `storeConfig` has them. */
export interface StoreAddresses {
  readonly media: string;
  readonly link: string;
}

/** Whose value is one quoted text, with the quotes as HTML has them in an attribute, or none. */
const directivePattern =
  /\{\{\s*(media|store)\s+(url|direct_url)\s*=\s*(&quot;|&#0*3[49];|&apos;|["']|)([^\s"'<>{}&\\]*)\3\s*\}\}/g;

/** `dynamicBlocks` leaves them to its client (commerce-webapi, queries/dynamic-blocks). Any other one is a failure. */
export function resolveDirectives(
  html: string,
  addresses: StoreAddresses | null,
): Result<string, "unresolved-directive"> {
  const resolved =
    addresses === null ? html : html.replace(directivePattern, (...match) => addressOf(match, addresses));
  return /\{\{\s*\/?[A-Za-z]/.test(resolved) ? fail("unresolved-directive") : ok(resolved);
}

/** As `Magento\Cms\Model\Template\Filter` and `getUrl` write them: a route ends in a slash, a direct address does not. */
function addressOf(match: readonly unknown[], { media, link }: StoreAddresses): string {
  const [whole, directive, parameter, , value] = match.map(String);
  const path = (value ?? "").replace(/^\/+/, "");
  if (directive === "media") return parameter === "url" ? media + path : (whole ?? "");
  if (parameter === "direct_url" || path === "" || path.endsWith("/")) return link + path;
  return `${link}${path}/`;
}

/** null where it is no address that could stand in HTML as it is. */
export function readStoreAddress(value: unknown): string | null {
  return typeof value === "string" && /^https?:\/\/[^\s"'<>&{}]+\/$/i.test(value) ? value : null;
}
