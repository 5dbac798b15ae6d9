// npm run conformance -- KIND PATH
import { existsSync } from "node:fs";
import { ensureBuilt } from "../runner/built.ts";
import { runnerOptions, usage } from "../runner/options.ts";
import { countOf, finish, printRows, type Row } from "../runner/report.ts";

const HELP = `Compares Tenon with recorded results of others.

  npm run -s conformance -- opinfo FILE        operations and gradients against PyTorch's (cases.jsonl)
  npm run -s conformance -- trajectories DIR   training runs, optimizers, schedulers, initialisers
  npm run -s conformance -- hostile DIR        files from strangers, verdicts by the manifest
  npm run -s conformance -- onnx DIR           ONNX's backend test cases: import, run, compare
`;

type Kind = (path: string, options: { readonly only: RegExp }) => Promise<readonly Row[]>;

// Loaded after the options are read: they choose the engine.
const KINDS: Readonly<Record<string, () => Promise<Kind>>> = {
  opinfo: async () => (await import("./opinfo/run.ts")).runOpinfo,
  trajectories: async () => (await import("./trajectories.ts")).runTrajectories,
  hostile: async () => (await import("./hostile/run.ts")).runHostile,
  onnx: async () => (await import("./onnx.ts")).runOnnx,
};

async function main(): Promise<void> {
  const { only, json, positionals } = runnerOptions(HELP);
  const [kind, path] = positionals;
  const load = KINDS[kind ?? ""];
  if (load === undefined) usage(`the kind is one of ${Object.keys(KINDS).join(", ")}`);
  if (path === undefined || !existsSync(path)) usage(`no such file or folder: ${path ?? "(none given)"}`);
  await ensureBuilt();
  const rows = await (await load())(path, { only });
  printRows(rows);
  finish(countOf(rows), rows, json);
}

await main();
