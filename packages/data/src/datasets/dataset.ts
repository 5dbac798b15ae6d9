import { ArgumentError, Generator, type Tensor } from "@tenon/numerics";
import { collate } from "../loader/collate.ts";
import { fetchSamples } from "../loader/fetch.ts";
import { toTensors } from "../loader/to-tensors.ts";
import type { Spec } from "../spec.ts";
import type { Picture } from "../value.ts";

/** What a loader reads from. Workers also need `spec`. */
export interface SampleSource<S> {
  /** Number of samples. */
  readonly length: number;
  /** Sample `index` (0 or more); `random` is what its random transforms draw from. */
  get(index: number, random?: Generator): S | Promise<S>;
  spec?(): Spec;
}

/**
 * Samples that can be read in any order. A data set of one's own is a class with `length` and `get`; extending this one adds `example`.
 * Samples are tuples or records of numbers, strings, typed arrays, dense arrays and images.
 */
export abstract class Dataset<S = readonly [Picture, number]> implements SampleSource<S> {
  abstract readonly length: number;
  abstract get(index: number, random?: Generator): S | Promise<S>;

  /** A batch of one: the first part of sample 0 as a tensor with a batch dimension, for summaries and exports. */
  example(): Tensor {
    // A generator of its own, so that a look at the data changes no random numbers drawn later.
    const samples = fetchSamples(this, [0], new Generator(0));
    if (samples instanceof Promise) {
      throw new ArgumentError({
        op: "example",
        rule: "get() of this data set gives promises",
        hint: "Take the first batch of a DataLoader instead",
      });
    }
    const batch: unknown = toTensors(collate(samples));
    return (Array.isArray(batch) ? batch[0] : batch) as Tensor;
  }
}
