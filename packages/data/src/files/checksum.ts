import { ChecksumError } from "@tenon/numerics";
import { fileError } from "./file-error.ts";

/** A published sum: "md5:..." or "sha256:...", hexadecimal. */
export type Checksum = `md5:${string}` | `sha256:${string}`;

/**
 * Compares a file with its published sum.
 * @throws ChecksumError naming both sums and the remedy; FileError if the file cannot be read.
 */
export async function verifyChecksum(op: string, path: string, checksum: Checksum): Promise<void> {
  const actual = await checksumOf(op, path, checksum.startsWith("md5:") ? "md5" : "sha256");
  if (actual === checksum) return;
  throw new ChecksumError({
    op,
    rule: "the file is not the published one, or damaged",
    received: `${actual} of ${path}`,
    expected: checksum,
    hint: "Delete the file and download it again, or pass ignoreChecksum: true if it is meant to differ",
  });
}

/** The sum of a file, with the name of its algorithm before it. */
async function checksumOf(op: string, path: string, algorithm: "md5" | "sha256"): Promise<string> {
  const { createHash } = await import("node:crypto");
  const { createReadStream } = await import("node:fs");
  const hash = createHash(algorithm);
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Uint8Array);
  } catch (cause) {
    throw fileError(op, "cannot read the file", path, cause);
  }
  return `${algorithm}:${hash.digest("hex")}`;
}
