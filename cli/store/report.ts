/** The findings as a page for a terminal of 80 columns: problems first, each with what it means and what to do. */

import { count, listWords, paint } from "../command.ts";
import { type Finding, type Level, levels } from "./finding.ts";

const WIDTH = 80;
const TOPIC_WIDTH = 18;

/** A store's own words must not steer the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/g;

const headings = {
  problem: { title: "Problems", colour: "red" },
  advice: { title: "To do, or to know", colour: "yellow" },
  unseen: { title: "Not seen from here", colour: "cyan" },
  fine: { title: "Fine", colour: "green" },
} as const satisfies Record<Level, unknown>;

export function writeReport(address: string, findings: readonly Finding[]): string {
  const parts = levels
    .map((level) => ({ level, found: findings.filter((one) => one.level === level) }))
    .filter(({ found }) => found.length > 0)
    .map(({ level, found }) => writePart(level, found));
  return [`${paint("bold", address)}\n${summarize(findings)}`, ...parts].join("\n\n");
}

function summarize(findings: readonly Finding[]): string {
  const many = (level: Level) => findings.filter((one) => one.level === level).length;
  const words = [
    many("problem") === 0 ? "no problem" : count(many("problem"), "problem"),
    ...(many("advice") === 0 ? [] : [`${many("advice")} to do or to know`]),
    ...(many("unseen") === 0 ? [] : [`${many("unseen")} not seen`]),
    ...(many("fine") === 0 ? [] : [`${many("fine")} fine`]),
  ];
  return listWords(words);
}

function writePart(level: Level, findings: readonly Finding[]): string {
  const { title, colour } = headings[level];
  return [paint("bold", paint(colour, title)), ...findings.map((one) => writeFinding(one, colour))].join(
    "\n",
  );
}

type Colour = (typeof headings)[Level]["colour"];

function writeFinding({ topic, found, means, todo }: Finding, colour: Colour): string {
  const indent = " ".repeat(TOPIC_WIDTH);
  const space = WIDTH - TOPIC_WIDTH;
  const said = wrap(`${found} ${means}`, space);
  const asked =
    todo === null ? [] : wrap(todo, space - 2).map((line, at) => (at === 0 ? `→ ${line}` : `  ${line}`));
  const first = `  ${paint(colour, topic)}${" ".repeat(Math.max(1, TOPIC_WIDTH - 2 - topic.length))}${said[0] ?? ""}`;
  return [first, ...[...said.slice(1), ...asked].map((line) => indent + line)].join("\n");
}

/** At spaces alone: what is longer than a line, such as an address, is not broken, so that it can be copied. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.replace(CONTROLS, "\ufffd").split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
      continue;
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
