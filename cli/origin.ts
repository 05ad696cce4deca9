/** Asks the origin directly, as who goes around us would: is its own door closed? */

import { randomBytes } from "node:crypto";
import { readSettings } from "../src/settings.ts";
import { CommandError, type ExitCode, paint, readArguments, runCommand, wrongUsage } from "./command.ts";
import { deploymentHelp, deploymentOptions, readDeployment } from "./deployment.ts";
import { type Door, judgeDoor } from "./origin/door.ts";
import { knock } from "./origin/knock.ts";

const help = `
npm run origin:check
  Asks each website's origin for its home page from this machine, without ORIGIN_SECRET, with a made-up one and with
  the one of .dev.vars or the environment. Who can reach the origin without us can say to be in any audience.
  Ends with 1 where a door is open.
  --origin URL        ask there instead, as for a website that is a route on the shop's own zone
  --host NAME         as that host (Host and SNI): --origin https://203.0.113.7 --host shop.example
  ${deploymentHelp}
`;

/** Somebody outside would wait longer than that for no shop. */
const PATIENCE_MS = 10_000;

interface Asked {
  readonly name: string;
  readonly origin: URL;
  readonly host: string | null;
}

export async function runOrigin(words: string[], patienceMs = PATIENCE_MS): Promise<ExitCode> {
  const options = { ...deploymentOptions, origin: { type: "string" }, host: { type: "string" } } as const;
  const { values, positionals } = readArguments(words, options);
  if (positionals.length > 0) throw wrongUsage("origin:check takes no file; an address is --origin URL.");
  if (values.host !== undefined && values.origin === undefined) {
    throw wrongUsage("--host goes with --origin, which says where to ask.");
  }
  const deployment = readDeployment(values);
  const secret = process.env["ORIGIN_SECRET"] || readText(deployment.vars["ORIGIN_SECRET"]);
  const { asked, routes } =
    values.origin === undefined
      ? findOrigins(deployment.vars)
      : {
          asked: [{ name: values.origin, origin: readOrigin(values.origin), host: values.host ?? null }],
          routes: [],
        };
  let exitCode: ExitCode = 0;
  for (const one of asked) {
    const door = await tryDoor(one, secret, patienceMs);
    if (door.kind === "open") exitCode = 1;
    tell(one, door);
  }
  for (const name of routes) console.log(describeRoute(name));
  return exitCode;
}

async function tryDoor({ origin, host }: Asked, secret: string | null, patienceMs: number): Promise<Door> {
  const ask = (shown: string | null) => knock(origin, { host, secret: shown, patienceMs });
  const bare = await ask(null);
  // Where nobody answers at all, no secret will change it.
  if (bare.kind === "unreachable") return judgeDoor({ bare, madeUp: bare, known: null });
  return judgeDoor({
    bare,
    madeUp: await ask(randomBytes(32).toString("base64url")),
    known: secret === null ? null : await ask(secret),
  });
}

function tell({ name }: Asked, door: Door): void {
  const word = door.kind === "open" ? paint("red", "open") : paint("green", "closed");
  console.log(`${name}: the origin's own door is ${word}: ${door.sentence}`);
  if (door.kind === "closed") return;
  console.log(
    "  Anybody can go around the Worker, and write any audience into the cookie or header that Commerce believes.",
  );
  console.log("  Close it: docs/security.md, “The origin's own door”.");
}

function findOrigins(vars: Readonly<Record<string, unknown>>) {
  const settings = readSettings(vars);
  if (!settings.ok)
    throw new CommandError("The settings have problems: node cli/settings.ts tells all of them.");
  const { websites } = settings.value;
  return {
    asked: websites.flatMap(({ code, origin }): Asked[] =>
      origin === null ? [] : [{ name: `${code}, ${origin}`, origin: new URL(origin), host: null }],
    ),
    routes: websites.filter(({ origin }) => origin === null).map(({ code }) => code),
  };
}

function describeRoute(code: string): string {
  return (
    `${code}: a route on the shop's own zone, whose origin Cloudflare alone knows. Let Commerce's web server take ` +
    "connections from Cloudflare's address ranges only (https://www.cloudflare.com/ips/), with Authenticated Origin " +
    "Pulls for your own zone: docs/security.md. Then ask its address:\n" +
    "  npm run origin:check -- --origin https://ADDRESS --host YOUR-SHOP"
  );
}

function readOrigin(written: string): URL {
  const origin = URL.canParse(written) ? new URL(written) : null;
  if (origin !== null && /^https?:$/.test(origin.protocol)) return origin;
  throw wrongUsage(`--origin is an address like https://commerce.example, not ${JSON.stringify(written)}.`);
}

function readText(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

if (import.meta.main) await runCommand(help, runOrigin);
