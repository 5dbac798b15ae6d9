// npm run -s bench: one JSON line per workload.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TimedWorkload, Workload } from "../../bench/workload.ts";
import { ensureBuilt } from "../runner/built.ts";
import { runnerOptions, usage } from "../runner/options.ts";
import { ROOT } from "../workspace.ts";
import { measure, median } from "./measure.ts";

const HELP = `Measures Tenon. Prints one JSON line per workload:
{"name","ms_median","ms_min","reps","threads","backend","version","checksum"}, or {"name","error"}.

  --min-time S            seconds of timed work per workload (default 1)
  --list                  prints the names only
`;

type Row = Workload | TimedWorkload;

// In the order of the rows. Loaded after the options are read: they choose the engine.
const GROUPS: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  train: async () => (await import("../../bench/train.ts")).workloads,
  infer: async () => (await import("../../bench/infer.ts")).workloads,
  gemm: async () => (await import("../../bench/gemm.ts")).workloads,
  conv: async () => (await import("../../bench/conv.ts")).workloads,
  vocabulary: async () => (await import("../../bench/vocabulary.ts")).workloads,
  "memory-bound": async () => (await import("../../bench/memory-bound.ts")).workloads,
  overhead: async () => (await import("../../bench/overhead.ts")).workloads,
  data: async () => (await import("../../bench/data-loading.ts")).workloads,
  ops: async () => (await import("../../bench/elementwise.ts")).workloads,
  startup: async () => [(await import("../../bench/startup.ts")).startup],
};

interface Engine {
  readonly threads: number;
  readonly backend: string;
  readonly version: string;
}

function message(error: unknown): string {
  return String((error as Error)?.message ?? error)
    .split("\n")[0]!
    .slice(0, 300);
}

function round(x: number): number {
  return Number(x.toPrecision(7));
}

async function timeRow(row: Row, minTime: number, engine: Engine): Promise<Record<string, unknown>> {
  let checksum: number;
  let samples: readonly number[];
  let inner = 1;
  let peakBytes: number | undefined;
  if ("time" in row) {
    ({ samples, checksum } = await row.time());
  } else {
    const prepared = await row.make();
    ({ checksum, peakBytes } = prepared);
    ({ samples, inner } = await measure(prepared.run, minTime));
  }
  const { div = 1, images, tokens, flop, bytes } = row as Workload;
  const ms = (median(samples) * 1e3) / div;
  return {
    name: row.name,
    ms_median: round(ms),
    ms_min: round((Math.min(...samples) * 1e3) / div),
    reps: samples.length * inner,
    threads: engine.threads,
    backend: engine.backend,
    version: engine.version,
    checksum,
    ...(images !== undefined && { images_per_s: round((images / ms) * 1e3) }),
    ...(tokens !== undefined && { tokens_per_s: round((tokens / ms) * 1e3) }),
    ...(flop !== undefined && { gflops: round(flop / ms / 1e6) }),
    ...(peakBytes !== undefined && { peak_mb: round(peakBytes / 1e6) }),
    ...(bytes !== undefined && { gb_per_s: round(bytes / ms / 1e6) }),
  };
}

async function main(): Promise<void> {
  const options = runnerOptions(HELP, { "min-time": { type: "string", default: "1" }, list: { type: "boolean" } });
  const minTime = Number(options.own["min-time"]);
  if (!(minTime > 0)) usage("--min-time is a number of seconds above 0");
  await ensureBuilt();
  const { backend } = await import("@tenon/numerics");
  const info = backend();
  const { version } = JSON.parse(readFileSync(join(ROOT, "packages/numerics/package.json"), "utf8"));
  const engine = { threads: info.threads, backend: `${info.backend} ${info.isa}`, version: `tenon ${version}` };
  const lines: Record<string, unknown>[] = [];
  const print = (line: Record<string, unknown>) => {
    lines.push(line);
    console.log(JSON.stringify(line));
  };
  for (const [group, load] of Object.entries(GROUPS)) {
    let rows: readonly Row[];
    try {
      rows = await load();
    } catch (error) {
      if (options.only.test(`${group}/`)) print({ name: group, error: message(error) });
      continue;
    }
    for (const row of rows.filter(({ name }) => options.only.test(name))) {
      if (options.own.list) console.log(row.name);
      else print(await timeRow(row, minTime, engine).catch((error) => ({ name: row.name, error: message(error) })));
    }
  }
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(lines, null, 1)}\n`);
  // Lines with errors are results too: the comparison reports them. Idle loader workers must not keep the process.
  process.exit(0);
}

await main();
