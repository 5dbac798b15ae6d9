import { ArgumentError, type Generator } from "@tenon/numerics";
import type { Sampler } from "./sampler.ts";

export interface DataLoaderOptions<S, B> {
  /** Samples of a batch. Default 1. */
  readonly batchSize?: number;
  /** Takes the samples in random order, another one each epoch. Default false. */
  readonly shuffle?: boolean;
  /** Another order; excludes `shuffle`. */
  readonly sampler?: Sampler;
  /** Leaves out a last batch that is not full. Default false. */
  readonly dropLast?: boolean;
  /** Seed of order and random transforms. Default: the default generator's, which `manualSeed` sets. */
  readonly seed?: number | bigint;
  /** A generator whose seed is taken instead; nothing is drawn from it. */
  readonly generator?: Generator;
  /** Worker threads that prepare batches. Default 0: in this thread, when a batch is asked for. */
  readonly numWorkers?: number;
  /** Batches that each worker prepares ahead. Default 2. */
  readonly prefetch?: number;
  /** Keeps the workers for the next loop; end them with `close()`. Default false. */
  readonly persistentWorkers?: boolean;
  /** Makes a batch of samples, in this thread. Default: `collate`, then tensors. */
  readonly collate?: (samples: readonly S[]) => B;
}

/** Where a loader is: everything that its remaining batches depend on. */
export interface LoaderState {
  /** Decimal digits. */
  readonly seed: string;
  readonly epoch: number;
  /** Batches of the epoch that were given out. */
  readonly batch: number;
}

/** @throws ArgumentError naming the option. */
export function checkOptions<S, B>(options: DataLoaderOptions<S, B>): void {
  const { batchSize = 1, numWorkers = 0, prefetch = 2, shuffle = false, sampler, seed, generator } = options;
  wholeNumber("batchSize", batchSize, 1);
  wholeNumber("numWorkers", numWorkers, 0);
  wholeNumber("prefetch", prefetch, 0);
  const both = shuffle && sampler !== undefined ? "shuffle and sampler" : undefined;
  const clash = seed !== undefined && generator !== undefined ? "seed and generator" : both;
  if (clash !== undefined) {
    throw new ArgumentError({ op: "DataLoader", rule: `${clash} exclude each other`, hint: "Give one of them" });
  }
}

function wholeNumber(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new ArgumentError({
    op: "DataLoader",
    rule: `${name} must be a whole number of ${least} or more`,
    received: String(value),
  });
}

/** @throws ArgumentError for anything that `stateDict()` would not give. */
export function checkState(state: LoaderState): void {
  wholeNumber("epoch", state?.epoch, 0);
  wholeNumber("batch", state?.batch, 0);
  if (typeof state.seed === "string" && /^[0-9]+$/.test(state.seed)) return;
  throw new ArgumentError({
    op: "DataLoader",
    rule: "the state's seed must be decimal digits",
    received: String(state.seed),
  });
}
