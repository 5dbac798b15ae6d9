import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { backend } from "@tenon/numerics";
import { type Check, type OpCases, opChecks } from "@tenon/numerics/testing";
import { describe, expect, test } from "vitest";

export interface CasesSuite {
  /** Folders with `*.cases.ts`, in them or below. */
  readonly folders: readonly URL[];
  /** The package's index.ts: what it exports from modules that match `sources` must have cases. */
  readonly index: URL;
  readonly sources: RegExp;
  /** Exports that need no cases of this kind, and why. */
  readonly exempt?: Readonly<Record<string, string>>;
}

function isCases(value: unknown): value is OpCases {
  return typeof value === "object" && value !== null && "samples" in value && "run" in value;
}

/** All cases that a module exports, alone or in lists. */
export function casesOf(module: Readonly<Record<string, unknown>>): OpCases[] {
  return Object.values(module).flat().filter(isCases);
}

/** The names of values (not types) that an index exports from modules whose path matches. */
function exportedNames(index: string, sources: RegExp): string[] {
  const names: string[] = [];
  for (const [, list, from] of index.matchAll(/export\s*\{([^}]*)\}\s*from\s*"([^"]+)"/g)) {
    if (!sources.test(from!)) continue;
    for (const item of list!.split(",")) {
      const name = item.trim();
      if (name !== "" && !name.startsWith("type ")) names.push(name.split(/\s+as\s+/).at(-1)!);
    }
  }
  return names;
}

export function caseFiles(folders: readonly URL[]): string[] {
  return folders.flatMap((folder) => {
    const path = fileURLToPath(folder);
    const files = readdirSync(path, { recursive: true, encoding: "utf8" });
    return files
      .filter((file) => file.endsWith(".cases.ts"))
      .sort()
      .map((file) => join(path, file));
  });
}

function runChecks(checks: readonly Check[]): void {
  for (const { name, skip, run } of checks) {
    if (skip === undefined) test(name, run);
    else test.skip(`${name} (${skip})`, run);
  }
}

/** One row per reason, because a reason holds for many checks. */
function printSkips(skipped: ReadonlyMap<string, number>): void {
  if (skipped.size === 0) return;
  const rows = [...skipped].map(([reason, count]) => `  ${reason}: ${count} checks`);
  console.log(`Left out on ${backend().backend}, by what the cases say:\n${rows.join("\n")}`);
}

/** The generic suite: every check that the cases of a package allow, and that every export has cases. */
export async function casesSuite({ folders, index, sources, exempt = {} }: CasesSuite): Promise<void> {
  const covered = new Set<string>();
  const skipped = new Map<string, number>();
  for (const file of caseFiles(folders)) {
    let all: OpCases[];
    try {
      all = casesOf((await import(pathToFileURL(file).href)) as Record<string, unknown>);
    } catch (error) {
      test(`${basename(file)} can be loaded`, () => {
        throw error;
      });
      continue;
    }
    for (const cases of all) {
      for (const name of [cases.name, ...(cases.also ?? [])]) covered.add(name);
      const checks = opChecks(cases);
      for (const { skip } of checks) {
        if (skip === undefined) continue;
        const row = `${cases.name}: ${skip}`;
        skipped.set(row, (skipped.get(row) ?? 0) + 1);
      }
      describe(cases.name, () => runChecks(checks));
    }
  }
  printSkips(skipped);
  test("every exported function has cases, or a reason for having none", () => {
    const names = exportedNames(readFileSync(index, "utf8"), sources);
    const missing = names.filter((name) => !covered.has(name) && !(name in exempt));
    expect(missing, "exports without cases").toEqual([]);
    expect(
      Object.keys(exempt).filter((name) => covered.has(name) || !names.includes(name)),
      "exemptions without need",
    ).toEqual([]);
  });
}
