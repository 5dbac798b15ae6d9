import { runCommand } from "../run-command.ts";
import type { Packed } from "./pack.ts";

/** Problems that publint and arethetypeswrong find in the packed packages. ESM only: that CommonJS resolves to ESM is meant. */
export async function shapeProblems({ own }: Packed): Promise<string[]> {
  const problems: string[] = [];
  for (const { name, file } of own) {
    const [publint, attw] = await Promise.all([
      runCommand("publint", ["run", file, "--strict"]),
      runCommand("attw", [file, "--profile", "esm-only", "--format", "ascii", "--no-color"]),
    ]);
    if (publint.code !== 0) problems.push(`${name}: publint`, ...publint.output.split("\n"));
    if (attw.code !== 0) problems.push(`${name}: attw`, ...attw.output.split("\n"));
  }
  return problems;
}
