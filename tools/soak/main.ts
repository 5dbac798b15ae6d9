// npm run -s soak: memory over 2,000 training steps.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBuilt } from "../runner/built.ts";
import { runnerOptions, usage } from "../runner/options.ts";
import { countOf, finish, printRows, type Row } from "../runner/report.ts";
import { ROOT } from "../workspace.ts";

const HELP = `Trains for many steps and watches the memory: a hand-written "for await" loop that disposes of nothing, and a tidy loop.
Without --backend it runs on each engine in turn. Each loop has a process of its own.

  --steps N               default 2000
  --csv FILE              resident memory and memory() every ten steps
`;

const LOOPS = ["for-await", "tidy"] as const;

function childRows(loop: string, backend: string, steps: number, csv: string | undefined, scratch: string): Row[] {
  const result = join(scratch, `${loop}-${backend}.json`);
  const args = [
    join(ROOT, "tools/soak/loop.ts"),
    loop,
    String(steps),
    result,
    csv === undefined ? "" : `${csv}.${loop}.${backend}`,
  ];
  const { status } = spawnSync(process.execPath, [...process.execArgv, ...args], {
    stdio: "inherit",
    env: { ...process.env, TENON_BACKEND: backend },
  });
  const name = `${loop}/${backend}`;
  if (!existsSync(result)) return [{ name, verdict: "failed", detail: `the process ended with ${status}` }];
  return JSON.parse(readFileSync(result, "utf8")) as Row[];
}

async function main(): Promise<void> {
  const { only, own, json } = runnerOptions(HELP, {
    steps: { type: "string", default: "2000" },
    csv: { type: "string" },
  });
  const steps = Number(own.steps);
  if (!Number.isInteger(steps) || steps < 400) usage("--steps is a whole number from 400");
  await ensureBuilt();
  const native = existsSync(join(ROOT, "packages/numerics/dist/kernels/tenon.node"));
  const chosen = process.env.TENON_BACKEND;
  const backends = chosen ? [chosen] : native ? ["native", "wasm"] : ["wasm"];
  const scratch = mkdtempSync(join(tmpdir(), "tenon-soak-"));
  try {
    const rows = LOOPS.flatMap((loop) =>
      backends.flatMap((backend) =>
        only.test(`${loop}/${backend}`) ? childRows(loop, backend, steps, own.csv as string | undefined, scratch) : [],
      ),
    );
    printRows(rows);
    finish(countOf(rows), rows, json);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

await main();
