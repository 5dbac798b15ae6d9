import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Measured } from "./measure.ts";

/** PyTorch's figures by "function output": greatest error and non-finite mismatches. */
export function readPyTorch(dir: string): ReadonlyMap<string, { max: string; nonFinite: string }> {
  const file = join(dir, "pytorch_errors.md");
  const found = new Map<string, { max: string; nonFinite: string }>();
  if (!existsSync(file)) return found;
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const cells = line.split("|").map((cell) => cell.trim());
    // | function | output | n | max | mean | >1 | non-finite | zero sign | convention | worst at |
    if (cells.length === 12 && /^\d+$/.test(cells[3]!)) {
      found.set(`${cells[1]} ${cells[2]}`, { max: cells[4]!, nonFinite: cells[7]! });
    }
  }
  return found;
}

export function figure(x: number): string {
  if (x === 0) return "0";
  return x < 1000 ? x.toPrecision(3) : x.toExponential(1).replace("e+", "e");
}

function cell(m: Measured | undefined): string {
  if (m?.judgement === undefined) return m?.missing ?? "";
  const { max, nonFinite } = m.judgement;
  return nonFinite === 0 ? figure(max) : `${figure(max)}, ${nonFinite} non-finite`;
}

const HEAD = `# Accuracy

The greatest error of float32 functions, losses and reductions, in units in the last place (ULP), against values of arbitrary precision:
0.5 is the exact result rounded once. \`f\` and names without \`d\` are values, \`dx\` and its like derivatives. Where terms cancel at a zero of the
result, 2^-50 of the largest term is allowed too (n * 2^-53 times the magnitudes for sums); such cases are not counted in the maximum.

This page is the output of \`npm run accuracy -- --vectors DIR --write\`. PyTorch's column is version 1.13 on a CPU in float32, on the same vectors.
"Non-finite" counts NaN or infinity where the exact value is neither, or the other way round.
`;

/** The page docs/accuracy.md from the measurements of both engines. */
export function accuracyPage(
  measured: Readonly<Record<string, readonly Measured[]>>,
  pytorch: ReadonlyMap<string, { max: string; nonFinite: string }>,
): string {
  const backends = Object.keys(measured);
  const first = measured[backends[0]!]!;
  const rows = first.flatMap(({ name, output, missing }) => {
    if (missing !== undefined) return [];
    const ours = backends.map((b) => cell(measured[b]!.find((m) => m.name === name && m.output === output)));
    const theirs = pytorch.get(`${name} ${output}`);
    const column =
      theirs === undefined
        ? ""
        : theirs.nonFinite === "0"
          ? theirs.max
          : `${theirs.max}, ${theirs.nonFinite} non-finite`;
    return [`| ${name} | ${output} | ${ours.join(" | ")} | ${column} |`];
  });
  const missing = [...new Set(first.filter((m) => m.missing !== undefined).map((m) => m.name))];
  const table = [
    `| function | output | ${backends.join(" | ")} | PyTorch |`,
    `|---|---|${"--:|".repeat(backends.length + 1)}`,
    ...rows,
  ];
  const note = missing.length === 0 ? "" : `\nVectors exist, functions do not yet: ${missing.join(", ")}.\n`;
  return `${HEAD}\n${table.join("\n")}\n${note}`;
}
