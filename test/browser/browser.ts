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

export function launchBrowser(): Promise<Browser> {
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
      "--host-resolver-rules=MAP *.localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ],
  });
}
