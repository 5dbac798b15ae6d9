import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { TimedWorkload } from "./workload.ts";

const run = promisify(execFile);
const ROUNDS = 20;
const ROOT = fileURLToPath(new URL("..", import.meta.url));

async function seconds(code: string): Promise<{ time: number; output: string }> {
  const start = performance.now();
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", code], { cwd: ROOT });
  return { time: (performance.now() - start) / 1000, output: stdout.trim() };
}

/** How much longer a process takes that prints the result of one operation than one that prints a number: 20 of each, in turn. */
export const startup: TimedWorkload = {
  name: "startup/first-op",
  time: async () => {
    const samples: number[] = [];
    let checksum = Number.NaN;
    for (let i = 0; i < ROUNDS; i++) {
      const bare = await seconds("console.log(2)");
      const first = await seconds('import { tensor } from "@tenon/numerics"; console.log(tensor([1]).add(1).item());');
      samples.push(first.time - bare.time);
      checksum = Number(first.output);
    }
    return { samples, checksum };
  },
};
