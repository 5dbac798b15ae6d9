import { FileError, FormatError } from "@tenon/numerics";

/** Reads and parses a JSON file. */
export async function readJson(path: string): Promise<unknown> {
  const { readFile } = await import("node:fs/promises");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new FileError({ op: "resume", rule: "the file cannot be read", received: path, cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FormatError({ op: "resume", rule: "the file is not JSON", received: path, cause });
  }
}

/** Writes JSON beside the target, flushes it and renames it into place. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const { mkdir, open, rename, rm } = await import("node:fs/promises");
  const { dirname } = await import("node:path");
  const aside = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(aside, "w");
    try {
      await file.writeFile(`${JSON.stringify(value)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (cause) {
    await rm(aside, { force: true });
    throw new FileError({ op: "checkpoint", rule: "the file cannot be written", received: path, cause });
  }
}

export async function remove(path: string): Promise<void> {
  const { rm } = await import("node:fs/promises");
  await rm(path, { force: true });
}
