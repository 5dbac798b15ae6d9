import { createHash } from "node:crypto";
import { open, rename } from "node:fs/promises";

/** Sixteen hexadecimal digits that change with any bit of any loss. */
export function lossHash(losses: readonly number[]): string {
  return createHash("sha256")
    .update(new Uint8Array(new Float64Array(losses).buffer))
    .digest("hex")
    .slice(0, 16);
}

/** One line a class: its name, a bar and the share of its test images that are classified right. */
export function classTable(classes: readonly string[], shares: readonly number[]): string {
  const width = Math.max(...classes.map((name) => name.length));
  return classes
    .map((name, i) => {
      const share = shares[i]!;
      const bar = "█".repeat(Math.round(share * 30)).padEnd(30);
      return `  ${name.padEnd(width)}  ${bar}  ${(100 * share).toFixed(1).padStart(5)} %`;
    })
    .join("\n");
}

/** Writes a text beside its target and renames it into place. */
export async function writeText(path: string, text: string): Promise<void> {
  const aside = `${path}.${process.pid}.tmp`;
  const file = await open(aside, "w");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(aside, path);
}
