import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Parameter, zeros } from "@tenon/numerics";
import { camelCaseKeys, lookup, NotThere } from "./lookup.ts";
import { withinBounds } from "./outcome.ts";
import type { AddRow } from "./trajectories.ts";

interface SchedulerSpec {
  readonly type: string;
  readonly args: { readonly [name: string]: unknown };
}

interface SchedulerFile {
  readonly metric: readonly number[];
  readonly runs: readonly (SchedulerSpec & {
    readonly base_lrs: readonly number[];
    readonly lrs: readonly number[] | readonly (readonly number[])[];
  })[];
}

type Stepper = { step(metric?: number): void };
type Optimizer = { readonly groups: readonly { readonly options: { lr: number } }[]; step(): void };

/** Learning rates over 100 steps with each scheduler of `schedulers.json`. Rows are numbered, because types repeat. */
export async function schedulerRows(dir: string, add: AddRow): Promise<void> {
  const file = JSON.parse(await readFile(join(dir, "schedulers.json"), "utf8")) as SchedulerFile;
  const seen = new Map<string, number>();
  for (const run of file.runs) {
    const number = (seen.get(run.type) ?? 0) + 1;
    seen.set(run.type, number);
    await add(`schedulers/${run.type}-${number}`, () => replay(file, run));
  }
}

function replay({ metric }: SchedulerFile, run: SchedulerFile["runs"][number]): string {
  const sgd = lookup<new (groups: unknown, options: object) => Optimizer>("train", "SGD");
  const groups = run.base_lrs.map((lr) => ({ params: [new Parameter(zeros([1]))], lr }));
  const optimizer = new sgd(groups, { lr: run.base_lrs[0]!, momentum: 0.9 });
  const scheduler = makeScheduler(run, optimizer);
  const expected = (run.base_lrs.length === 1 ? [run.lrs] : run.lrs) as readonly (readonly number[])[];
  let worst = 0;
  for (let k = 0; k < expected[0]!.length; k++) {
    optimizer.groups.forEach((group, i) => {
      const want = expected[i]![k]!;
      worst = Math.max(worst, Math.abs(group.options.lr - want) / Math.max(Math.abs(want), 1e-12));
    });
    optimizer.step();
    scheduler.step(metric[k]);
  }
  return withinBounds({ lrs: worst }, { lrs: 1e-9 });
}

function makeScheduler({ type, args }: SchedulerSpec, optimizer: Optimizer): Stepper {
  const Class = lookup<new (optimizer: unknown, options: object) => Stepper>("train", type);
  const inner = args.schedulers as readonly SchedulerSpec[] | undefined;
  const options = { ...camelCaseKeys(args) };
  if (inner !== undefined) options.schedulers = inner.map((spec) => makeScheduler(spec, optimizer));
  for (const name of ["lrLambda", "scaleFn"]) if (name in options) options[name] = formulas(options[name]);
  return new Class(optimizer, options);
}

/** The few formulas of the set, by their text: nothing that comes from a file is evaluated. */
const knownFormulas: ReadonlyMap<string, (n: number) => number> = new Map([
  ["0.95^epoch", (n: number) => 0.95 ** n],
  ["1/(1+0.05*epoch)", (n: number) => 1 / (1 + 0.05 * n)],
  ["min(1,(epoch+1)/10)", (n: number) => Math.min(1, (n + 1) / 10)],
  ["0.95", () => 0.95],
  ["epoch<50 ? 0.99 : 0.97", (n: number) => (n < 50 ? 0.99 : 0.97)],
  ["1/(5^((cycle-1)*0.3))", (n: number) => 1 / 5 ** ((n - 1) * 0.3)],
]);

function formulas(text: unknown): unknown {
  if (Array.isArray(text)) return text.map(formulas);
  const formula = knownFormulas.get(String(text));
  if (formula === undefined) throw new NotThere(`the runner does not know the formula ${String(text)}`);
  return formula;
}
