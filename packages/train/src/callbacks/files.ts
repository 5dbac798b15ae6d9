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

export async function remove(path: string): Promise<void> {
  const { rm } = await import("node:fs/promises");
  await rm(path, { force: true });
}

/** Makes a folder and those above it, where they are missing. */
export async function makeFolder(op: string, path: string): Promise<void> {
  const { mkdir } = await import("node:fs/promises");
  await mkdir(path, { recursive: true }).catch((cause: unknown) => {
    throw new FileError({ op, rule: "the folder cannot be made", received: path, cause });
  });
}
