import { writeFileSync } from "node:fs";

/** One line of a runner's table. */
export interface Row {
  readonly name: string;
  readonly verdict: "passed" | "failed" | "skipped";
  /** Figures, or what went wrong, or why it was left out. */
  readonly detail: string;
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function countOf(rows: readonly Row[]): Counts {
  const of = (verdict: Row["verdict"]) => rows.filter((row) => row.verdict === verdict).length;
  return { passed: of("passed"), failed: of("failed"), skipped: of("skipped") };
}

const MARK = { passed: "ok", failed: "FAIL", skipped: "skip" } as const;

/** A table with a column of verdicts, names and details. */
export function printRows(rows: readonly Row[]): void {
  const width = Math.min(60, Math.max(0, ...rows.map(({ name }) => name.length)));
  for (const { name, verdict, detail } of rows) {
    console.log(`${MARK[verdict].padEnd(4)}  ${name.padEnd(width)}  ${detail}`.trimEnd());
  }
}

/** Prints the closing line, writes the JSON file if one was asked for, and sets the exit code: 1 if anything failed. */
export function finish(counts: Counts, details: unknown, json: string | undefined): void {
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ ...counts, rows: details }, null, 1)}\n`);
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  if (counts.failed > 0) process.exitCode = 1;
}
