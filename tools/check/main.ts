// npm run check: everything about the repository that is not a unit test.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { problemsOf } from "../run-command.ts";
import { readUnits } from "../workspace.ts";
import { browserProblems } from "./browser.ts";
import { layerProblems } from "./layers.ts";
import { packAll } from "./pack.ts";
import { shapeProblems } from "./shape.ts";
import { sizeProblems } from "./sizes.ts";
import { smokeProblems } from "./smoke.ts";
import { surfaceProblems } from "./surface.ts";

const HELP = `Checks the repository: format and lint, types, layers, dead exports, package shape, sizes, packed packages.
Needs a build (npm run build).

  --only REGEX   only the steps whose name matches
  --update       rewrite tools/check/public-surface.txt
  --help`;

interface Step {
  readonly name: string;
  readonly run: () => Promise<readonly string[]> | readonly string[];
}

interface Outcome {
  readonly name: string;
  readonly seconds: number;
  readonly problems: readonly string[];
}

/** Steps in the order in which they start; long ones first, because two run at a time. */
function steps(scratch: string, update: boolean): Step[] {
  let packed: ReturnType<typeof packAll> | undefined;
  const tarballs = () => {
    packed ??= packAll(scratch);
    return packed;
  };
  return [
    {
      name: "packed packages install, import, require and type-check",
      run: async () => smokeProblems(await tarballs()),
    },
    { name: "package shape (publint, attw)", run: async () => shapeProblems(await tarballs()) },
    { name: "types (tsc)", run: () => problemsOf("tsc", ["-p", "tsconfig.json", "--noEmit"]) },
    { name: "dead exports (knip)", run: () => problemsOf("knip", ["--no-progress"]) },
    { name: "format and lint (biome)", run: () => problemsOf("biome", ["ci", "--colors=off", "."]) },
    { name: "layers", run: () => layerProblems(readUnits()) },
    { name: "entries load in a browser", run: browserProblems },
    { name: "sizes", run: sizeProblems },
    { name: "public surface", run: () => surfaceProblems(update) },
  ];
}

async function runStep({ name, run }: Step): Promise<Outcome> {
  const start = performance.now();
  let problems: readonly string[];
  try {
    problems = await run();
  } catch (error) {
    problems = [String((error as Error).stack)];
  }
  const seconds = (performance.now() - start) / 1000;
  console.log(`${problems.length === 0 ? "ok  " : "FAIL"} ${seconds.toFixed(1).padStart(6)} s  ${name}`);
  for (const problem of problems) console.log(`       ${problem}`);
  return { name, seconds, problems };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", default: "." },
      update: { type: "boolean", default: false },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const scratch = mkdtempSync(join(tmpdir(), "tenon-check-"));
  try {
    const only = new RegExp(values.only, "i");
    const queue = steps(scratch, values.update).filter(({ name }) => only.test(name));
    const outcomes: Outcome[] = [];
    const worker = async () => {
      for (let step = queue.shift(); step !== undefined; step = queue.shift()) outcomes.push(await runStep(step));
    };
    await Promise.all([worker(), worker()]);
    const failed = outcomes.filter(({ problems }) => problems.length > 0).length;
    console.log(`check: ${outcomes.length - failed} passed, ${failed} failed`);
    if (failed > 0) process.exitCode = 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

await main();
