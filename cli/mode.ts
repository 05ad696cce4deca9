/** Turns websites off, on or to watching, through the switch in KV and without a deployment. */

import { suggestion } from "../src/core/problem.ts";
import type { Mode } from "../src/core/website.ts";
import { readSwitch, SWITCH_KEY } from "../src/edge/switch.ts";
import { readSettings } from "../src/settings.ts";
import {
  CommandError,
  type ExitCode,
  listWords,
  paint,
  readArguments,
  runCommand,
  wrongUsage,
} from "./command.ts";
import { type Deployment, deploymentHelp, deploymentOptions, readDeployment } from "./deployment.ts";
import { type KvStore, openKv, type Place, placeOptions, readPlace } from "./kv.ts";

const help = `
node cli/mode.ts off [WEBSITE…]     nothing is planned or done; of a live website, no claim is told to Commerce
                                       and exclusive codes stay guarded (README, "Turn it off")
node cli/mode.ts watch [WEBSITE…]   plan and log, but forward as it came; exclusive codes are guarded
node cli/mode.ts on [WEBSITE…]      personalize
node cli/mode.ts reset [WEBSITE…]   back to the mode that wrangler.toml gives
node cli/mode.ts show               what the switch says now

Without a website, all of wrangler.toml. The switch wins over wrangler.toml until it is reset.
  --remote            at the deployed Worker (the default: who turns it off means the shop)
  --local             on this machine, for npm run dev
  ${deploymentHelp}

Through npm: npm run off, npm run on -- main
`;

type Order = Mode | "reset" | "show";

function readOrder(word: string | undefined): Order {
  const orders: readonly Order[] = ["off", "watch", "on", "reset", "show"];
  const order = orders.find((known) => known === word);
  if (order !== undefined) return order;
  if (word === undefined) throw wrongUsage(`Say which: ${listWords(orders, "or")}.`);
  const meant = suggestion(word, orders) || `; there is ${listWords(orders)}.`;
  throw wrongUsage(`"${word}" is no mode${meant}`);
}

export async function runMode(words: string[]): Promise<ExitCode> {
  const { values, positionals } = readArguments(words, { ...deploymentOptions, ...placeOptions });
  const [word, ...named] = positionals;
  const order = readOrder(word);
  const place = readPlace(values, "remote");
  const deployment = readDeployment(values);
  const websites = findWebsites(named, deployment);
  const kv = openKv(deployment, place);
  const before = await readModes(kv);
  if (order !== "show") {
    const after = changeModes(before, websites, order);
    await kv.put(SWITCH_KEY, `${JSON.stringify(Object.fromEntries(after))}\n`);
    tellModes(websites, after, before, deployment, place);
    tellWhen(order, place);
  } else tellModes(websites, before, before, deployment, place);
  return 0;
}

function findWebsites(named: readonly string[], { websites, configPath }: Deployment): readonly string[] {
  if (websites === null) throw new CommandError(`${configPath} names no website under [vars.WEBSITES].`);
  for (const code of named) {
    if (websites.includes(code)) continue;
    const cure = suggestion(code, websites) || `; there is ${listWords(websites)}`;
    throw wrongUsage(`There is no website "${code}" in wrangler.toml${cure}`);
  }
  return named.length === 0 ? websites : named;
}

type Modes = ReadonlyMap<string, Mode>;

async function readModes(kv: KvStore): Promise<Modes> {
  const text = await kv.get(SWITCH_KEY);
  if (text === null) return new Map();
  const modes = readSwitch(text);
  if (modes.ok) return modes.value;
  console.error(
    paint("yellow", `What the switch held could not be read (${modes.error}) and counts for nothing.`),
  );
  return new Map();
}

/** Websites that are not named keep what they have, also those that this wrangler.toml does not know. */
function changeModes(before: Modes, websites: readonly string[], order: Mode | "reset"): Modes {
  const after = new Map(before);
  for (const code of websites) {
    if (order === "reset") after.delete(code);
    else after.set(code, order);
  }
  return after;
}

function tellModes(
  websites: readonly string[],
  after: Modes,
  before: Modes,
  deployment: Deployment,
  place: Place,
): void {
  const where = place === "local" ? "on this machine" : "at Cloudflare";
  const written = readWrittenModes(deployment);
  const width = Math.max(...websites.map((code) => code.length));
  for (const code of websites) {
    const settings = written.get(code) ?? "on";
    const now = after.get(code);
    const was = before.get(code);
    const source = now === undefined ? ", as wrangler.toml says" : "";
    const changed = now === was ? "" : ` (was ${was ?? `${settings}, as wrangler.toml says`})`;
    console.log(`${code.padEnd(width)}  ${paint("bold", now ?? settings)}${source}${changed}  ${where}`);
  }
}

function readWrittenModes({ vars }: Deployment): ReadonlyMap<string, Mode> {
  const settings = readSettings({ WEBSITES: vars["WEBSITES"] });
  return new Map(settings.ok ? settings.value.websites.map(({ code, mode }) => [code, mode]) : []);
}

function tellWhen(order: Mode | "reset", place: Place): void {
  if (place === "local") {
    console.log("A running `npm run dev` follows in a few seconds.");
    return;
  }
  console.log("It takes effect within 90 seconds, as KV's caches renew.");
  if (order === "off") {
    console.log(
      "Faster, in an emergency: detach the Worker's route from the zone (Cloudflare dashboard, Workers Routes);\n" +
        "from that second on the shop is as it was without us. An explicit origin needs its DNS set back instead.",
    );
  }
}

if (import.meta.main) await runCommand(help, runMode);
