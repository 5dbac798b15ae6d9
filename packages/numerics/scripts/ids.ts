import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { writeAtomically } from "./files.ts";

/**
 * The number of each kernel instance in the dispatch table. Numbers are only ever added: a binary that was built before a
 * kernel was declared stays usable for all the others.
 */
export interface KernelIds {
  /** Names this numbering; made from the instances it began with, so that a fresh build gives the same one. */
  readonly table: string;
  /** Length of the dispatch table. */
  readonly size: number;
  id(key: string): number;
}

interface Stored {
  readonly table: string;
  readonly keys: string[];
}

function read(file: string): Stored | null {
  try {
    const stored = JSON.parse(readFileSync(file, "utf8")) as Stored;
    return typeof stored.table === "string" && Array.isArray(stored.keys) ? stored : null;
  } catch {
    return null;
  }
}

/** Reads the numbering from `file`, adds the keys it lacks, and writes it back. The caller holds the lock. */
export function assignIds(file: string, keys: readonly string[]): KernelIds {
  const sorted = [...keys].sort();
  const before = read(file);
  const stored = before ?? {
    table: createHash("sha256").update(sorted.join("\n")).digest("hex").slice(0, 16),
    keys: [],
  };
  const known = new Set(stored.keys);
  const added = sorted.filter((key) => !known.has(key));
  if (before === null || added.length > 0) {
    stored.keys.push(...added);
    writeAtomically(file, JSON.stringify(stored));
  }
  const ids = new Map(stored.keys.map((key, index) => [key, index]));
  return { table: stored.table, size: stored.keys.length, id: (key) => ids.get(key)! };
}
