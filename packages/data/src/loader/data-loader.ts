import { breathe, defaultGenerator, Generator } from "@tenon/numerics";
import type { SampleSource } from "../datasets/dataset.ts";
import { toSpec } from "../spec.ts";
import { WorkerPool } from "../worker-pool.ts";
import { type Batched, type BatchedArrays, collate } from "./collate.ts";
import { fetchSamples } from "./fetch.ts";
import { inOrder } from "./in-order.ts";
import { checkOptions, checkState, type DataLoaderOptions, type LoaderState } from "./options.ts";
import { batchesOf, RandomSampler, type Sampler, SequentialSampler } from "./sampler.ts";
import { toTensors } from "./to-tensors.ts";

// Purposes for which the loader's generator is divided into streams.
const ORDER = 0;
const SAMPLES = 1;

/**
 * Batches of a data set: `for await (const [inputs, labels] of loader)`, one epoch a loop.
 *
 * The order of the samples depends on (seed, epoch), the randomness of a sample on (seed, epoch, index), so the batches are the same for
 * any number of workers. With `numWorkers` samples are fetched, transformed and batched on worker threads, which exist while a loop
 * runs (or stay, with `persistentWorkers`) and never keep the process alive.
 *
 * The loader's position can be saved at any moment with `stateDict()`: a loader that loads it goes on with the next batch. A loop that was
 * broken off has ended its epoch; the next loop begins the next one.
 */
export class DataLoader<S, B = Batched<S>> implements AsyncIterable<B> {
  readonly dataset: SampleSource<S>;
  /** Batches of an epoch. */
  readonly length: number;
  readonly #options: DataLoaderOptions<S, B>;
  readonly #sampler: Sampler;
  #random: Generator;
  #epoch = 0;
  /** Batches of the epoch that were given out. */
  #batch = 0;
  /** The next loop starts at the position instead of at an epoch's beginning. */
  #continues = false;
  #pool: WorkerPool | undefined;

  /** @throws ArgumentError for options that cannot be met, and for workers on what has no spec. */
  constructor(dataset: SampleSource<S>, options: DataLoaderOptions<S, B> = {}) {
    checkOptions(options);
    const { batchSize = 1, shuffle = false, sampler, dropLast = false, seed, generator } = options;
    this.dataset = dataset;
    this.#options = options;
    this.#sampler = sampler ?? (shuffle ? new RandomSampler(dataset.length) : new SequentialSampler(dataset.length));
    this.#random = generator ?? new Generator(seed ?? defaultGenerator().seed);
    this.length = Math[dropLast ? "floor" : "ceil"](this.#sampler.length / batchSize);
    // Whatever cannot go to a worker should fail here, not in the loop.
    if ((options.numWorkers ?? 0) > 0) toSpec(dataset, "DataLoader");
  }

  /** The epoch of the running loop or, between loops, of the next. Setting it makes the next loop begin that epoch. */
  get epoch(): number {
    return this.#epoch;
  }

  set epoch(epoch: number) {
    checkState({ seed: "0", epoch, batch: 0 });
    this.#epoch = epoch;
    this.#batch = 0;
    this.#continues = false;
  }

  /** Where the loader is. Plain values that survive JSON. */
  stateDict(): LoaderState {
    return { seed: String(this.#random.seed), epoch: this.#epoch, batch: this.#batch };
  }

  /** The next loop goes on behind the last batch that the saved loader gave out. */
  loadStateDict(state: LoaderState): void {
    checkState(state);
    this.#random = new Generator(BigInt(state.seed));
    this.#epoch = state.epoch;
    this.#batch = state.batch;
    this.#continues = true;
  }

  [Symbol.asyncIterator](): AsyncGenerator<B, void, undefined> {
    const { collate: custom } = this.#options;
    if (custom !== undefined) return this.#loop(undefined, (samples) => custom(samples as readonly S[]));
    return this.#loop(collate, (batch) => toTensors(batch as BatchedArrays<S>) as B);
  }

  /** The same batches as plain typed arrays with shapes; the engine is not started. */
  arrays(): AsyncGenerator<BatchedArrays<S>, void, undefined> {
    return this.#loop(collate, (batch) => batch as BatchedArrays<S>);
  }

  /** Ends persistent workers. */
  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async *#loop<T>(join: typeof collate | undefined, finish: (batch: unknown) => T): AsyncGenerator<T, void, undefined> {
    if (!this.#continues && this.#batch > 0) this.epoch++;
    this.#continues = false;
    const epoch = this.#epoch;
    const { batchSize = 1, dropLast = false, numWorkers = 0, prefetch = 2, persistentWorkers = false } = this.#options;
    const random = this.#random;
    const order = this.#sampler.order(random.stream(ORDER, epoch));
    const jobs = batchesOf(order, batchSize, dropLast, this.#batch);
    const pool = numWorkers > 0 ? this.#workers(numWorkers) : undefined;
    const samples = random.stream(SAMPLES, epoch);
    const run = pool?.runner(samples, join !== undefined) ?? this.#fetcher(samples, join);
    try {
      for await (const batch of inOrder(jobs, run, pool === undefined ? 0 : numWorkers * prefetch)) {
        this.#batch++;
        yield finish(batch);
        await breathe();
      }
      this.epoch = epoch + 1;
    } catch (error) {
      // Persistent workers too: one of them may be gone.
      await this.close();
      throw error;
    } finally {
      if (!persistentWorkers) await this.close();
    }
  }

  #workers(count: number): WorkerPool {
    this.#pool ??= new WorkerPool(toSpec(this.dataset, "DataLoader"), count);
    return this.#pool;
  }

  #fetcher(random: Generator, join: typeof collate | undefined): (indices: Uint32Array) => unknown {
    const finish = (samples: readonly S[]) => (join === undefined ? samples : join(samples));
    return (indices) => {
      const samples = fetchSamples(this.dataset, indices, random);
      return samples instanceof Promise ? samples.then(finish) : finish(samples);
    };
  }
}
