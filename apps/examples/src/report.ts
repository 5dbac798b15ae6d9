import { createHash } from "node:crypto";

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
