/** One run of the Worker in front of a store on this machine: everything that has to be opened, and closed again. */

import { setTimeout as wait } from "node:timers/promises";
import { audiencesOf, readStoredCampaigns } from "../../src/core/stored-campaigns.ts";
import { CAMPAIGNS_KEY } from "../../src/edge/campaigns.ts";
import { SWITCH_KEY } from "../../src/edge/switch.ts";
import { CommandError } from "../command.ts";
import { type Deployment, findAdminPath } from "../deployment.ts";
import { findBaseUrl } from "./base-url.ts";
import { chooseWebsite, prepareBindings } from "./bindings.ts";
import { watchBundle } from "./bundle.ts";
import { type CampaignsFile, followCampaigns } from "./campaigns-file.ts";
import { openConnector } from "./connector.ts";
import { type LocalWorker, openLocalWorker } from "./local-worker.ts";
import { describeLogLine } from "./log-line.ts";
import { type Choosable, serveShopper } from "./shopper.ts";
import { type Answered, openTranslator } from "./translator.ts";

export interface DevOptions {
  readonly deployment: Deployment;
  /** Where the store listens. */
  readonly origin: URL;
  /** The store's name where it differs from that; null: ask the store. */
  readonly host: string | null;
  readonly port: number;
  readonly website: string | null;
  /** A file to publish here, at the start and whenever it changes. */
  readonly campaigns: string | null;
  readonly trust: "certificate" | "any";
  /** Where KV is kept; null: nowhere. */
  readonly localState: string | null;
  readonly onAnswer: (answered: Answered) => void;
  /** Something a developer should read. */
  readonly onLine: (line: string) => void;
}

export interface Dev {
  readonly url: string;
  readonly base: URL;
  readonly website: string;
  readonly storefront: "luma" | "headless";
  readonly adminToken: string;
  readonly operatorKey: string;
  /** The audiences that the live campaigns know. */
  readonly choosable: () => readonly Choosable[];
  stop(): Promise<void>;
}

/** What was opened is closed in the other order, also when something in between could not be opened. */
export async function startDev(options: DevOptions): Promise<Dev> {
  const closers: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    return await open(options, closers, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function open(
  options: DevOptions,
  closers: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<Dev> {
  const { deployment, onLine, origin, trust } = options;
  const code = chooseWebsite(deployment, options.website);
  const { url: base, notes } = await findBaseUrl({ origin, host: options.host, trust });
  notes.forEach(onLine);
  const { bindings, website, adminToken, operatorKey, warnings } = prepareBindings(deployment, base, code);
  warnings.forEach(onLine);
  const connector = await openConnector({ origin, base, trust, onProblem: onLine });
  closers.push(connector.stop);
  const worker = openLocalWorker({
    bindings,
    compatibilityDate: deployment.config.compatibility_date ?? "2026-10-01",
    compatibilityFlags: deployment.config.compatibility_flags,
    kvNamespace: deployment.kvNamespace ?? "KV",
    localState: options.localState,
    base,
    connectorPort: connector.port,
    onLog: (line) => {
      const words = describeLogLine(line);
      if (words !== null) onLine(words);
    },
  });
  closers.push(worker.stop);
  closers.push(await runBundle(worker, onLine));

  let file: CampaignsFile | null = null;
  const kv = await watchKv(worker);
  closers.push(kv.stop);
  if (options.campaigns !== null) {
    file = await followCampaigns(options.campaigns, {
      context: {
        websites: [...new Set([...(deployment.websites ?? []), code])],
        adminPath: findAdminPath(deployment, "anywhere"),
      },
      put: async (key, text) => {
        await worker.writeKv(key, text);
        await kv.check();
      },
      onLine,
    });
    closers.push(file.stop);
  }
  const choosable = () => file?.choosable() ?? kv.choosable();
  const translator = await openTranslator({
    port: options.port,
    base,
    operatorKey,
    findWorker: worker.findPort,
    serveOwn: (incoming, response) => serveShopper(incoming, response, choosable()),
    onAnswer: options.onAnswer,
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    throw new CommandError(`Port ${options.port} is taken; --port names another.`);
  });
  closers.push(translator.stop);
  return {
    url: `http://localhost:${translator.port}`,
    base,
    website: code,
    storefront: website.storefront,
    adminToken,
    operatorKey,
    choosable,
    stop,
  };
}

/** Waits for the first build; each later one replaces the running Worker, a broken one does not. */
async function runBundle(worker: LocalWorker, onLine: (line: string) => void): Promise<() => Promise<void>> {
  let running = false;
  const first = Promise.withResolvers<void>();
  const bundle = await watchBundle({
    onBuilt: (script) => {
      const again = running;
      running = true;
      worker.load(script).then(
        () => {
          if (again) onLine("The Worker was built again and restarted.");
          first.resolve();
        },
        (error: Error) => {
          if (again) onLine("The change does not start, as its error says; the next one may.");
          first.reject(error);
        },
      );
    },
    onBroken: (message) => {
      if (running) onLine(`The change does not build; what ran before goes on.\n${message}`);
      else first.reject(new CommandError(`The Worker does not build.\n${message}`));
    },
  });
  try {
    await first.promise;
  } catch (error) {
    await bundle.stop();
    throw error;
  }
  return bundle.stop;
}

const LOOK_EVERY_MS = 1_500;

/**
 * A Worker keeps what it read from KV for half a minute. What another command publishes or switches shows
 * sooner here: where one of the two keys has changed, the Worker begins anew.
 */
async function watchKv(worker: LocalWorker) {
  const keys = [CAMPAIGNS_KEY, SWITCH_KEY];
  const readAll = () => Promise.all(keys.map(worker.readKv));
  let last = await readAll();
  const ending = new AbortController();
  async function check(): Promise<void> {
    const now = await readAll();
    const same = now.every((text, index) => text === last[index]);
    last = now;
    if (!same) await worker.reload();
  }
  async function keepLooking(): Promise<void> {
    for (;;) {
      await wait(LOOK_EVERY_MS, undefined, { ref: false, signal: ending.signal });
      // A look that fails is one during a restart; the next one sees the same.
      await check().catch(() => undefined);
    }
  }
  const looking = keepLooking().catch(() => undefined);
  return {
    check,
    choosable: () => audiencesIn(last[0] ?? null),
    stop: async () => {
      ending.abort();
      await looking;
    },
  };
}

/** The compiled campaigns know ids alone; rubbish in KV knows none. */
function audiencesIn(text: string | null): readonly Choosable[] {
  try {
    const stored = readStoredCampaigns(JSON.parse(text ?? "null"));
    const ids = stored.ok ? [...audiencesOf(stored.value.campaigns)] : [];
    return ids.map((id) => ({ name: id, ids: [id] }));
  } catch {
    return [];
  }
}
