/** A real Chromium, headless, that reaches nothing but this machine. */

import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** `CHROMIUM` names another one; null where this machine has none. */
export const CHROMIUM =
  [process.env["CHROMIUM"], ...places].find((place) => place && existsSync(place)) ?? null;

if (CHROMIUM === null && process.env["REQUIRE_CHROMIUM"] === "1") {
  throw new Error(
    "no Chromium on this machine: install Debian's package chromium, or set CHROMIUM to its path",
  );
}

/** `mapped` comes before the rule that nothing else is found, like `MAP www.shop.test:443 127.0.0.1:8443`. */
export function launchBrowser(...mapped: readonly string[]): Promise<Browser> {
  const rules = [...mapped, "MAP *.localhost 127.0.0.1", "MAP * ~NOTFOUND"];
  return chromium.launch({
    executablePath: CHROMIUM ?? "",
    chromiumSandbox: false,
    args: [
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--host-resolver-rules=${[...rules, "EXCLUDE 127.0.0.1", "EXCLUDE localhost"].join(", ")}`,
    ],
  });
}
