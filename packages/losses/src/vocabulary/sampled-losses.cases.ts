import { expm1, IndexOutOfRangeError, log1p, ShapeError, type Tensor } from "@tenon/numerics";
import type { ErrorCase, OpCases, Sample } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import type { ClassSamples } from "./class-samples.ts";
import type { SampledLossOptions } from "./sampled-logits.ts";
import { nceLoss, sampledSoftmaxLoss } from "./sampled-losses.ts";

// Values: tools/fixtures/losses/sampled.py, in arbitrary precision.

/** A unique log-uniform sample of 9 classes that took so many tries. */
function samplesOf(ids: Tensor, tries: number): ClassSamples {
  const chance = (k: Tensor) => log1p(k.to("float64").add(1).pow(-1)).div(Math.log(10));
  return { ids, expectedCount: (k) => expm1(log1p(chance(k).neg()).mul(tries)).neg() };
}

const given =
  (loss: typeof nceLoss) =>
  (x: Tensor, w: Tensor, target: Tensor, ids: Tensor, tries: number, options: Partial<SampledLossOptions> = {}) =>
    loss(x, w, target, { ...options, samples: samplesOf(ids, tries) });

const SAMPLES: Record<string, Partial<Sample>> = {
  saturated: { tolerance: { gradient: { relative: 1e-4, absolute: 1e-6 } } },
  "no rows": { onnx: "onnxruntime refuses to reshape nothing" },
  "all ignored": { gradient: "0 / 0", onnx: "0 / 0" },
};

const X = [[1, 2]];
const W = [
  [1, 0],
  [0, 1],
];

function errors(name: string): ErrorCase[] {
  return [
    {
      args: ({ index }) => [X, W, index([2]), index([0]), 1],
      error: IndexOutOfRangeError,
      message: new RegExp(`${name}: a target is not a class.*2 at position 0.*0 to 1`),
    },
    {
      args: ({ index, tensor }) => [X, tensor([1, 2]), index([0]), index([0]), 1],
      error: ShapeError,
      message: new RegExp(`${name}: the weight must have one row of features for each class.*\\[2\\].*\\[C, 2\\]`),
    },
    {
      args: ({ index }) => [X, W, index([0]), index([5]), 1],
      error: IndexOutOfRangeError,
      message: new RegExp(`${name}: a sample is not a class.*5.*0 to 1`),
    },
    {
      args: ({ index, tensor }) => [X, W, index([0]), index([0]), 1, { linearBias: tensor([1, 2, 3]) }],
      error: ShapeError,
      message: new RegExp(`${name}: the linear bias must have one number for each class.*\\[3\\].*\\[2\\]`),
    },
  ];
}

export const cases: OpCases[] = [
  {
    name: "sampledSoftmaxLoss",
    run: given(sampledSoftmaxLoss),
    // The classes and the sampler have tests of their own: sampled-losses.test.ts.
    also: ["SampledSoftmaxLoss", "logUniformSampler"],
    samples: fixtures("sampled", "sampledSoftmaxLoss", SAMPLES),
    errors: errors("sampledSoftmaxLoss"),
  },
  {
    name: "nceLoss",
    run: given(nceLoss),
    also: ["NceLoss"],
    samples: fixtures("sampled", "nceLoss", SAMPLES),
    errors: errors("nceLoss"),
  },
];
