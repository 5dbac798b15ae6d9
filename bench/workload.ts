import * as numerics from "@tenon/numerics";
import { noGrad, type Tensor, tidy } from "@tenon/numerics";
import { meanAbs } from "./data.ts";

/** A workload ready to be timed. `run` is one call of the timed region; its result is complete when it returns (or resolves). */
export interface Prepared {
  readonly run: () => unknown;
  /** What the other side of the comparison must have computed too. */
  readonly checksum: number;
  /** The most tensor memory that one call had in use, inputs included. */
  readonly peakBytes?: number;
}

/** One row of the benchmark. */
export interface Workload {
  readonly name: string;
  readonly make: () => Prepared | Promise<Prepared>;
  /** Per call, for the derived figures. */
  readonly images?: number;
  readonly tokens?: number;
  readonly flop?: number;
  readonly bytes?: number;
  /** Divides the time of a call: batches in an epoch. */
  readonly div?: number;
}

/** A row that times itself: a process, for example. */
export interface TimedWorkload {
  readonly name: string;
  readonly time: () => Promise<{ readonly samples: readonly number[]; readonly checksum: number }>;
}

/** A function of numerics by its name, for rows of what may not be there yet. */
export function operation(name: string): (...args: unknown[]) => Tensor {
  const found = (numerics as unknown as Record<string, unknown>)[name];
  if (typeof found !== "function") throw new Error(`@tenon/numerics has no ${name} yet`);
  return found as (...args: unknown[]) => Tensor;
}

/** Forward only, without recording; the result is dropped at once. */
export function forward(compute: () => Tensor): Prepared {
  const run = () => noGrad(() => tidyVoid(compute));
  const checksum = tidy(() => meanAbs(noGrad(compute)));
  return { run, checksum };
}

function tidyVoid(compute: () => Tensor): void {
  tidy(() => {
    compute();
  });
}

/** Forward with recording, and backward to the leaves; the incoming gradient is 1 for a scalar. */
export function forwardBackward(compute: () => Tensor, leaves: readonly Tensor[], gradient?: Tensor): Prepared {
  const pass = () => {
    for (const x of leaves) x.grad = null;
    const y = compute();
    y.backward(gradient);
    return y;
  };
  const run = () => tidyVoid(pass);
  const checksum = tidy(() => {
    const y = pass();
    return meanAbs(y, ...leaves.map((x) => x.grad!));
  });
  return { run, checksum };
}

export interface Steppable {
  zeroGrad(): void;
  step(): unknown;
}

/** A train step on two sets of targets in turn; the checksum is the loss of the fourth step. */
export function trainStep(optimizer: Steppable, losses: readonly [() => Tensor, () => Tensor]): Prepared {
  let k = 0;
  const run = () =>
    tidy(() => {
      optimizer.zeroGrad();
      const loss = losses[k++ % 2 === 0 ? 0 : 1]();
      loss.backward();
      optimizer.step();
      return loss.item() as number;
    });
  let checksum = 0;
  for (let i = 0; i < 4; i++) checksum = run();
  return { run, checksum };
}
