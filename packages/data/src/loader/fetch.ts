import type { Generator } from "@tenon/numerics";
import type { SampleSource } from "../datasets/dataset.ts";
import { atSample } from "./sample-error.ts";

/**
 * The samples of a batch; a promise only if `get` gave one. `epoch` is the generator of the epoch, of which sample i's randomness is the
 * stream i: it depends on nothing else, whoever fetches the sample and when.
 */
export function fetchSamples<S>(
  source: SampleSource<S>,
  indices: ArrayLike<number>,
  epoch?: Generator,
): readonly S[] | Promise<readonly S[]> {
  const samples: (S | Promise<S>)[] = new Array(indices.length);
  let waits = false;
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    try {
      const sample = source.get(index, epoch?.stream(index));
      const later = sample instanceof Promise;
      waits ||= later;
      samples[i] = later
        ? sample.catch((error) => {
            throw atSample(error, index);
          })
        : sample;
    } catch (error) {
      throw atSample(error, index);
    }
  }
  return waits ? Promise.all(samples) : (samples as S[]);
}
