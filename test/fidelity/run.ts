/** `npm run fidelity`: what proxies in front of a shop change that they must not; ours, the peers', or any by its URL. */

import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { type ExitCode, paint, readArguments, runCommand } from "../../cli/command.ts";
import { CONTESTANTS, startOne } from "./contestants.ts";
import { examine, type Finding } from "./examine.ts";
import { type FidelityOrigin, startFidelityOrigin } from "./origin.ts";
import { type Column, writeTable } from "./table.ts";

const help = `
npm run fidelity
  Asks what is built here, a passthrough Worker and the peers that npm has.
npm run fidelity -- --url URL
  Asks any proxy. Point it at http://127.0.0.1:8090 first: there stands the shop of the suite while this runs.
  --port 8090    another port for it
  --host NAME    what stands in the Host header
  --write FILE   the table, as Markdown
`;

async function runFidelity(words: string[]): Promise<ExitCode> {
  const { values } = readArguments(words, {
    url: { type: "string" },
    port: { type: "string", default: "8090" },
    host: { type: "string" },
    write: { type: "string" },
  });
  const origin = await startFidelityOrigin(values.url === undefined ? 0 : Number(values.port));
  try {
    const columns =
      values.url === undefined
        ? await examineAll(origin)
        : [{ name: values.url, findings: await examine(values.url, values.host ?? null, origin) }];
    for (const { name, findings } of columns) tell(name, findings);
    if (values.write !== undefined) writeFileSync(values.write, writeTable(columns));
    const [first] = columns;
    return first?.findings.every(({ verdict }) => verdict === null) ? 0 : 1;
  } finally {
    await origin.stop();
  }
}

async function examineAll(origin: FidelityOrigin): Promise<Column[]> {
  if (!existsSync(new URL("../../dist/worker.js", import.meta.url)))
    execFileSync("npm", ["run", "--silent", "build"], { stdio: ["ignore", "ignore", "inherit"] });
  const columns: Column[] = [];
  for (const name of CONTESTANTS) {
    const proxy = await startOne(name, origin.url);
    columns.push({ name, findings: await examine(proxy.url, null, origin) });
    await proxy.stop();
  }
  return columns;
}

function tell(name: string, findings: readonly Finding[]): void {
  const kept = findings.filter(({ verdict }) => verdict === null).length;
  console.log(paint("bold", `${name}: ${kept} of ${findings.length}`));
  for (const { probe, verdict } of findings) {
    const mark = verdict === null ? paint("green", "ok    ") : paint("red", "broken");
    console.log(`  ${mark}  ${probe.promise}${verdict === null ? "" : ` (${verdict})`}`);
  }
}

if (import.meta.main) await runCommand(help, runFidelity);
