import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

let counter = 0;

/** Replaces a file in one step: a reader sees the old or the new one, whole. Leaves an equal file untouched. */
export function writeAtomically(file: string, content: string | Uint8Array): boolean {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  try {
    if (readFileSync(file).equals(bytes)) return false;
  } catch {}
  mkdirSync(dirname(file), { recursive: true });
  const part = `${file}.${process.pid}.${counter++}.part`;
  writeFileSync(part, bytes);
  renameSync(part, file);
  return true;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Removes the files of a cache that this build did not use and that are older than a day. */
export function prune(folder: string, used: readonly string[]): void {
  const keep = new Set(used);
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    try {
      if (!keep.has(file) && Date.now() - statSync(file).mtimeMs > DAY_MS) rmSync(file);
    } catch {
      // Another build has removed it.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Takes away a lock whose owner is gone, or that never got an owner's number because it died between two calls. */
function breakStale(lock: string): void {
  try {
    const pid = Number(readFileSync(`${lock}/pid`, "utf8"));
    if (isAlive(pid)) return;
  } catch {
    try {
      if (Date.now() - statSync(lock).mtimeMs < 2000) return;
    } catch {
      return;
    }
  }
  // Renaming first lets only one of several waiting processes take it away.
  const grave = `${lock}.${process.pid}.stale`;
  try {
    renameSync(lock, grave);
    rmSync(grave, { recursive: true, force: true });
  } catch {}
}

/** Runs `body` while no other process holds the same lock: a folder with the owner's process number. */
export async function withLock<R>(lock: string, body: () => R | Promise<R>): Promise<R> {
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      breakStale(lock);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  try {
    writeFileSync(`${lock}/pid`, String(process.pid));
    return await body();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}
