import { fileError } from "./byte-source.ts";

/**
 * Writes a file so that whoever looks at `path` sees the old content or the whole new one, never a part: a temporary file
 * beside it, flushed to disk, then renamed over it. If anything fails, the temporary file is removed and `path` is as it was.
 * Texts are written as UTF-8; `op` names the caller in an error.
 * @throws FileError if the folder is missing or not writable, or the disk is full.
 */
export async function writeAtomically(
  op: string,
  path: string | URL,
  chunks: Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>,
): Promise<void> {
  const { open, rename, rm } = await import("node:fs/promises");
  const { fileURLToPath } = await import("node:url");
  const target = path instanceof URL ? fileURLToPath(path) : path;
  const temporary = `${target}.${crypto.randomUUID()}.tmp`;
  try {
    const file = await open(temporary, "wx");
    try {
      for await (const chunk of chunks) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw fileError(op, "cannot write the file", target, cause);
  }
}
