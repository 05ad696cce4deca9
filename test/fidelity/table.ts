/** The findings as a table of Markdown: a row for each promise, a column for each proxy. */

import type { Finding } from "./examine.ts";

export interface Column {
  readonly name: string;
  readonly findings: readonly Finding[];
}

export function writeTable(columns: readonly Column[]): string {
  const rows = columns[0]?.findings.map(({ probe }) => probe) ?? [];
  const cell = (column: Column, id: string) => {
    const verdict = column.findings.find(({ probe }) => probe.id === id)?.verdict;
    return verdict === null ? "kept" : `**${(verdict ?? "not asked").replaceAll("|", "\\|")}**`;
  };
  const kept = ({ findings }: Column) =>
    `${findings.filter(({ verdict }) => verdict === null).length} of ${findings.length}`;
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return `${[
    line(["", ...columns.map(({ name }) => name)]),
    line(["---", ...columns.map(() => "---")]),
    ...rows.map(({ id, promise }) => line([promise, ...columns.map((column) => cell(column, id))])),
    line(["kept", ...columns.map(kept)]),
  ].join("\n")}\n`;
}
