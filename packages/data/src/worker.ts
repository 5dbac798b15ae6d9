import { parentPort, workerData } from "node:worker_threads";
import { Generator } from "@tenon/numerics";
import { builtIns } from "./built-ins.ts";
import type { SampleSource } from "./datasets/dataset.ts";
import { collate } from "./loader/collate.ts";
import { fetchSamples } from "./loader/fetch.ts";
import { packError } from "./loader/sample-error.ts";
import { fromSpec } from "./spec.ts";
import { isDenseArray } from "./value.ts";
import type { Answer, Job } from "./worker-pool.ts";

/** What runs on a loader's worker thread: makes the data set from its spec once, then batches on demand. */
function serve(port: NonNullable<typeof parentPort>): void {
  const source = fromSpec(workerData, builtIns) as Promise<SampleSource<unknown>>;
  // A data set that cannot be made is the answer to every job; by itself it must not end the thread.
  source.catch(() => {});
  port.on("message", async ({ id, seed, indices, collated }: Job) => {
    try {
      const samples = await fetchSamples(await source, indices, new Generator(BigInt(seed)));
      const value = collated ? collate(samples) : samples;
      // A batch was made here and is given away; single samples may be views of what the data set keeps.
      port.postMessage({ id, value } satisfies Answer, collated ? buffersOf(value) : []);
    } catch (error) {
      port.postMessage({ id, error: packError(error) } satisfies Answer);
    }
  });
}

function buffersOf(value: unknown): ArrayBuffer[] {
  if (isDenseArray(value)) return value.data.buffer instanceof ArrayBuffer ? [value.data.buffer] : [];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(buffersOf);
}

if (parentPort !== null) serve(parentPort);
