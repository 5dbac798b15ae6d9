// npm run -s accuracy -- --vectors DIR
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBuilt } from "../runner/built.ts";
import { runnerOptions, usage } from "../runner/options.ts";
import { countOf, finish, printRows, type Row } from "../runner/report.ts";
import { ROOT } from "../workspace.ts";
import { accuracyPage, figure, readPyTorch } from "./document.ts";
import type { Measured } from "./measure.ts";
import { readManifest } from "./vectors.ts";

const HELP = `Measures the error of float32 functions, losses and reductions in units in the last place, values and gradients.
Without --backend it runs on each engine in turn.

  --vectors DIR           exact values (manifest.json, reductions.json, data/)
  --write                 writes docs/accuracy.md, with PyTorch's column if DIR has pytorch_errors.md
`;

function describe({ bar, judgement, missing, broken, at = "" }: Measured): Pick<Row, "verdict" | "detail"> {
  if (broken !== undefined) return { verdict: "failed", detail: broken };
  if (judgement === undefined) return { verdict: "skipped", detail: missing ?? "" };
  const { n, max, mean, over, crossings, nonFinite, zeroSigns, conventions } = judgement;
  const notes = [
    over > 0 && `${over} above ${bar}`,
    crossings > 0 && `${crossings} at zero crossings`,
    nonFinite > 0 && `${nonFinite} non-finite`,
    zeroSigns > 0 && `${zeroSigns} zero signs`,
    conventions[0] > 0 && `convention ${conventions.join("/")}`,
    at,
  ].filter(Boolean);
  const detail = `max ${figure(max)}  mean ${figure(mean)}  n ${n}  ${notes.join(", ")}`;
  return { verdict: over > 0 || nonFinite > 0 ? "failed" : "passed", detail };
}

async function measureAll(dir: string, only: RegExp): Promise<Measured[]> {
  const { measureBatch, measurePointwise, measureRows } = await import("./measure.ts");
  const { measureReductions } = await import("./reductions.ts");
  const measured = readManifest(dir)
    .filter(({ name }) => only.test(name))
    .flatMap((set) => {
      try {
        if (set.group === "rows") return measureRows(dir, set);
        return set.group === "batch" ? measureBatch(dir, set) : measurePointwise(dir, set);
      } catch (error) {
        return set.outputs.map((output) => ({ name: set.name, output, bar: 1, broken: (error as Error).message }));
      }
    });
  return only.test("reductions") ? [...measured, ...measureReductions(dir)] : measured;
}

function rowsOf(measured: readonly Measured[]): Row[] {
  return measured.map((m) => ({ name: `${m.name} ${m.output}`, ...describe(m) }));
}

/** Runs this program once per engine and collects what each measured. */
function onEach(backends: readonly string[], dir: string, only: RegExp): Record<string, readonly Measured[]> {
  const scratch = mkdtempSync(join(tmpdir(), "tenon-accuracy-"));
  try {
    return Object.fromEntries(
      backends.map((backend) => {
        const json = join(scratch, `${backend}.json`);
        console.log(`\n${backend}`);
        const args = ["--vectors", dir, "--backend", backend, "--only", only.source, "--json", json];
        spawnSync(process.execPath, [...process.execArgv, process.argv[1]!, ...args], { stdio: "inherit" });
        if (!existsSync(json)) throw new Error(`the run on ${backend} ended without a result`);
        return [backend, JSON.parse(readFileSync(json, "utf8")).rows as Measured[]];
      }),
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const options = runnerOptions(HELP, { vectors: { type: "string" }, write: { type: "boolean" } });
  const dir = options.own.vectors ?? options.positionals[0];
  if (typeof dir !== "string" || !existsSync(join(dir, "manifest.json")))
    usage("--vectors DIR must hold manifest.json");
  await ensureBuilt();
  if (process.env.TENON_BACKEND) {
    const measured = await measureAll(dir, options.only);
    const rows = rowsOf(measured);
    printRows(rows);
    finish(countOf(rows), measured, options.json);
    return;
  }
  const native = existsSync(join(ROOT, "packages/numerics/dist/kernels/tenon.node"));
  const measured = onEach(native ? ["native", "wasm"] : ["wasm"], dir, options.only);
  if (options.own.write) writeFileSync(join(ROOT, "docs/accuracy.md"), accuracyPage(measured, readPyTorch(dir)));
  console.log("\nboth engines");
  finish(countOf(Object.values(measured).flatMap(rowsOf)), measured, options.json);
}

await main();
