import type { Worker } from "node:worker_threads";
import { type Generator, TenonError } from "@tenon/numerics";
import { type PackedError, unpackError } from "./loader/sample-error.ts";

/** One batch to make. */
export interface Job {
  readonly id: number;
  /** Seed of the generator of the epoch's samples. */
  readonly seed: string;
  readonly indices: Uint32Array;
  /** A batch of arrays, else the list of samples. */
  readonly collated: boolean;
}

export type Answer = { readonly id: number } & ({ readonly value: unknown } | { readonly error: PackedError });

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

interface Member {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  /** Why the thread is no more. */
  failure: Error | undefined;
}

/**
 * Worker threads that make batches of one data set. A thread with work keeps the process alive until it has answered, an idle one does
 * not.
 */
export class WorkerPool {
  readonly #spec: unknown;
  readonly #count: number;
  #members: Promise<Member[]> | undefined;
  #nextId = 0;

  constructor(spec: unknown, count: number) {
    this.#spec = spec;
    this.#count = count;
  }

  /** A function that has batches made by whichever worker has least to do. */
  runner(random: Generator, collated: boolean): (indices: Uint32Array) => Promise<unknown> {
    const seed = String(random.seed);
    return async (indices) => {
      this.#members ??= this.#start();
      const members = await this.#members;
      const member = members.reduce((a, b) => (b.waiting.size < a.waiting.size ? b : a));
      const id = this.#nextId++;
      if (member.failure !== undefined) throw member.failure;
      return new Promise((resolve, reject) => {
        member.waiting.set(id, { resolve, reject });
        member.worker.ref();
        member.worker.postMessage({ id, seed, indices, collated } satisfies Job);
      });
    };
  }

  async #start(): Promise<Member[]> {
    const { Worker } = await import("node:worker_threads");
    // The built file, also where this runs from its source: tests and users start the same one.
    const url = new URL("../dist/worker.js", import.meta.url);
    return Array.from({ length: this.#count }, () => {
      // The parent's flags (loaders, conditions) are for its own sources.
      const worker = new Worker(url, { workerData: this.#spec, execArgv: [] });
      const member: Member = { worker, waiting: new Map(), failure: undefined };
      worker.on("message", (answer: Answer) => settle(member, answer));
      worker.on("error", (error) => abandon(member, error.message, error));
      worker.on("exit", (code) => abandon(member, `exit code ${code}`));
      worker.unref();
      return member;
    });
  }

  /** Stops all threads; batches under way are dropped. */
  async close(): Promise<void> {
    const members = await this.#members;
    this.#members = undefined;
    await Promise.all((members ?? []).map(({ worker }) => worker.terminate()));
  }
}

function settle({ worker, waiting }: Member, answer: Answer): void {
  const { resolve, reject } = waiting.get(answer.id)!;
  waiting.delete(answer.id);
  if (waiting.size === 0) worker.unref();
  if ("error" in answer) reject(unpackError(answer.error));
  else resolve(answer.value);
}

function abandon(member: Member, reason: string, cause?: unknown): void {
  member.failure ??= new TenonError({ op: "DataLoader", rule: "a worker stopped", received: reason, cause });
  for (const { reject } of member.waiting.values()) reject(member.failure);
  member.waiting.clear();
}
