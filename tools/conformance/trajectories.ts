import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { load, readSafetensors, type TensorData } from "@tenon/models";
import { fromTypedArray, noGrad, type Tensor, tensor, tidy } from "@tenon/numerics";
import { Scheduler, StepLR } from "@tenon/train";
import type { Row } from "../runner/report.ts";
import { camelCase, camelCaseKeys, lookup } from "./lookup.ts";
import { outcomeOf, withinBounds } from "./outcome.ts";
import { initializerRows } from "./trajectory-initializers.ts";
import { type ForwardStep, type ModuleSpec, TrajectoryNetwork } from "./trajectory-network.ts";
import { optimizerRows } from "./trajectory-optimizers.ts";
import { schedulerRows } from "./trajectory-schedulers.ts";

type Args = { readonly [name: string]: unknown };

interface TrajectoryCase {
  readonly name: string;
  readonly steps: number;
  readonly modules: readonly ModuleSpec[];
  readonly forward: readonly ForwardStep[];
  readonly loss: readonly { readonly type: string; readonly weight_in_sum: number; readonly args: Args }[];
  readonly optimizer: {
    readonly type: string;
    readonly args: Args;
    readonly groups?: readonly ({ params: string[] } & Args)[];
  };
  readonly scheduler: ({ readonly type: string; readonly args?: Args } & Args) | null;
  readonly clip: { readonly type: "norm" | "value"; readonly max_norm?: number; readonly clip_value?: number } | null;
}

interface Expected {
  readonly losses: readonly number[];
  readonly lrs: readonly number[] | readonly number[][];
  readonly grad_norms: readonly number[];
  readonly clipped_grad_norms?: readonly number[];
}

/** Runs a row if its name was asked for. */
export type AddRow = (name: string, run: () => string | Promise<string>) => Promise<void>;

/** Relative bounds, as the set's README asks. */
const LOSS_TOLERANCE = 1e-9;
const WEIGHT_TOLERANCE = 1e-7;

/**
 * Replays the training runs of a folder, each from `init.safetensors` and, as `name/pth`, from `init.pth`; then the single
 * files of optimizers, schedulers and initialisers. What Tenon has not yet is a skipped row that names it.
 */
export async function runTrajectories(dir: string, { only = /(?:)/ }: { readonly only?: RegExp } = {}): Promise<Row[]> {
  const rows: Row[] = [];
  const add: AddRow = async (name, run) => {
    if (only.test(name)) rows.push(await outcomeOf(name, run));
  };
  for (const name of readdirSync(dir).sort()) {
    const folder = join(dir, name);
    if (!existsSync(join(folder, "case.json"))) continue;
    await add(name, () => runCase(folder, "init.safetensors"));
    if (existsSync(join(folder, "init.pth"))) await add(`${name}/pth`, () => runCase(folder, "init.pth"));
  }
  const files = {
    "optimizers.json": optimizerRows,
    "schedulers.json": schedulerRows,
    "initializers.json": initializerRows,
  };
  for (const [file, addRows] of Object.entries(files)) if (existsSync(join(dir, file))) await addRows(dir, add);
  return rows;
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, "utf8")) as T;
}

async function runCase(folder: string, init: string): Promise<string> {
  const spec = await readJson<TrajectoryCase>(join(folder, "case.json"));
  const expected = await readJson<Expected>(join(folder, "expected.json"));
  const { tensors: data } = await readSafetensors(join(folder, "data.safetensors"));
  const network = new TrajectoryNetwork(spec.modules, spec.forward).train();
  network.loadStateDict(await load(join(folder, init)));
  const run = new Run(spec, network, data);
  const worst = { losses: 0, lrs: 0, norms: 0, weights: 0 };
  for (let step = 0; step < spec.steps; step++) {
    const got = tidy(() => run.step(step));
    worst.losses = Math.max(worst.losses, relative(got.loss, expected.losses[step]!));
    worst.norms = Math.max(worst.norms, relative(got.norm, expected.grad_norms[step]!));
    worst.lrs = Math.max(worst.lrs, relative(got.lrs[0]!, [expected.lrs[step]!].flat()[0]!));
    const clipped = expected.clipped_grad_norms?.[step];
    if (clipped !== undefined) worst.norms = Math.max(worst.norms, relative(got.clippedNorm, clipped));
  }
  const { tensors: final } = await readSafetensors(join(folder, "final.safetensors"));
  for (const [key, tensor] of network.stateDict())
    worst.weights = Math.max(worst.weights, distance(tensor, final.get(key)!));
  return withinBounds(worst, {
    losses: LOSS_TOLERANCE,
    lrs: LOSS_TOLERANCE,
    norms: LOSS_TOLERANCE,
    weights: WEIGHT_TOLERANCE,
  });
}

interface OptimizerLike {
  readonly groups: readonly { readonly options: { lr: number } }[];
  step(): void;
  zeroGrad(): void;
}

class Run {
  #spec: TrajectoryCase;
  #network: TrajectoryNetwork;
  #data: ReadonlyMap<string, TensorData>;
  #optimizer: OptimizerLike;
  #scheduler: { step(): void } | null;

  constructor(spec: TrajectoryCase, network: TrajectoryNetwork, data: ReadonlyMap<string, TensorData>) {
    this.#spec = spec;
    this.#network = network;
    this.#data = data;
    this.#optimizer = makeOptimizer(spec, network);
    this.#scheduler = makeScheduler(spec, this.#optimizer);
  }

  step(step: number) {
    const indices = rowsOf(this.#data.get("batch_indices")!, [step]).data;
    const rows = Array.from(indices as ArrayLike<number | bigint>, Number);
    const [inputs, targets] = ["inputs", "targets"].map((name) => toTensor(rowsOf(this.#data.get(name)!, rows)));
    const lrs = this.#optimizer.groups.map((group) => group.options.lr);
    this.#optimizer.zeroGrad();
    const loss = lossOf(this.#spec, (this.#network as unknown as (x: Tensor) => Tensor)(inputs!), targets!);
    loss.backward();
    const norm = gradNorm(this.#network);
    this.#clip();
    const clippedNorm = gradNorm(this.#network);
    this.#optimizer.step();
    this.#scheduler?.step();
    return { loss: loss.item() as number, norm, clippedNorm, lrs };
  }

  #clip(): void {
    const { clip } = this.#spec;
    if (clip === null) return;
    type Clip = (parameters: Iterable<Tensor>, limit: number) => unknown;
    const [name, limit] = clip.type === "norm" ? ["clipGradNorm_", clip.max_norm] : ["clipGradValue_", clip.clip_value];
    lookup<Clip>("train", name as string)(this.#network.parameters(), limit as number);
  }
}

function makeOptimizer({ optimizer }: TrajectoryCase, network: TrajectoryNetwork): OptimizerLike {
  const Class = lookup<new (params: unknown, options: Args) => OptimizerLike>("train", optimizer.type);
  const named = new Map(network.namedParameters());
  const groups = optimizer.groups?.map(({ params, ...settings }) => ({
    ...camelCaseKeys(settings),
    params: params.map((name) => [name, named.get(name)]),
  }));
  return new Class(groups ?? network.parameters(), camelCaseKeys(optimizer.args));
}

function makeScheduler({ scheduler }: TrajectoryCase, optimizer: OptimizerLike): { step(): void } | null {
  if (scheduler === null) return null;
  const { type, args = {} } = scheduler;
  if (type === "LambdaLR") return new WarmUp(optimizer, scheduler as unknown as { warmup: number; total: number });
  // The same staircase with steps of one.
  if (type === "ExponentialLR") return new StepLR(optimizer, { stepSize: 1, gamma: args.gamma as number });
  const Class = lookup<new (optimizer: unknown, options: unknown) => { step(): void }>("train", type);
  return new Class(optimizer, camelCaseKeys(args));
}

/** The only schedule that a case gives as a formula: linear up to the base rate, then linear down to 0. */
class WarmUp extends Scheduler {
  #warmup: number;
  #total: number;

  constructor(optimizer: OptimizerLike, { warmup, total }: { warmup: number; total: number }) {
    super(optimizer);
    this.#warmup = warmup;
    this.#total = total;
    this.apply();
  }

  override lrAt(epoch: number, baseLr: number): number {
    const factor =
      epoch < this.#warmup ? (epoch + 1) / this.#warmup : (this.#total - epoch) / (this.#total - this.#warmup);
    return baseLr * factor;
  }
}

const lossNames: ReadonlyMap<string, string> = new Map([
  ["CrossEntropyLoss", "crossEntropy"],
  ["NLLLoss", "nllLoss"],
  ["MSELoss", "mseLoss"],
  ["SmoothL1Loss", "smoothL1Loss"],
  ["BCEWithLogitsLoss", "binaryCrossEntropyWithLogits"],
]);

function lossOf({ loss }: TrajectoryCase, output: Tensor, targets: Tensor): Tensor {
  const flat = output.ndim === 2 && targets.ndim === 2 && targets.dtype === "int64";
  const target = flat ? targets.flatten() : targets;
  const terms = loss.map(({ type, weight_in_sum, args }) => {
    const options = Object.entries(args).map(([name, value]) => [
      camelCase(name),
      Array.isArray(value) ? tensor(value as number[], { dtype: "float64" }) : value,
    ]);
    type Loss = (input: Tensor, target: Tensor, options: Args) => Tensor;
    const term = lookup<Loss>("losses", lossNames.get(type) ?? camelCase(type));
    return term(output, target, Object.fromEntries(options)).mul(weight_in_sum);
  });
  return terms.reduce((sum, term) => sum.add(term));
}

function gradNorm(network: TrajectoryNetwork): number {
  let sum = 0;
  for (const [, parameter] of network.namedParameters()) {
    const gradient = noGrad(() => parameter.grad?.data()) as Float64Array | undefined;
    for (const g of gradient ?? []) sum += g * g;
  }
  return Math.sqrt(sum);
}

/** Rows of the first dimension, in the order given. */
function rowsOf({ data, shape, dtype }: TensorData, rows: readonly number[]): TensorData {
  const length = shape.slice(1).reduce((product, n) => product * n, 1);
  const out = data.slice(0, rows.length * length);
  for (const [i, row] of rows.entries()) out.set(data.subarray(row * length, (row + 1) * length) as never, i * length);
  return { dtype, shape: [rows.length, ...shape.slice(1)], data: out };
}

function toTensor({ data, shape, dtype }: TensorData): Tensor {
  return fromTypedArray(data, shape, dtype);
}

function relative(got: number, want: number): number {
  return got === want ? 0 : Math.abs(got - want) / Math.max(Math.abs(want), 1e-300);
}

/** Greatest difference, relative to the greatest expected value of the tensor. */
function distance(tensor: Tensor, want: TensorData): number {
  const got = tensor.data();
  let difference = 0;
  let greatest = 1e-3;
  for (let i = 0; i < got.length; i++) {
    difference = Math.max(difference, Math.abs(Number(got[i]) - Number(want.data[i])));
    greatest = Math.max(greatest, Math.abs(Number(want.data[i])));
  }
  return difference / greatest;
}
