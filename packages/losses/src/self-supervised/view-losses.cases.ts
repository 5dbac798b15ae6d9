import { ArgumentError, ShapeError, type TensorArg } from "@tenon/numerics";
import type { OpCases, Sample, Tolerance } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { byolLoss, negativeCosineSimilarity, simSiamLoss } from "./cosine-losses.ts";
import { dinoLoss } from "./dino-loss.ts";
import { ibotPatchLoss } from "./ibot-patch-loss.ts";
import { sinkhorn, swavLoss } from "./swav-loss.ts";

// Values: tools/fixtures/losses/self-supervised.py, in NumPy's float64 and longer.
// What a loss takes as a constant comes as numbers in the samples' options, so that finite differences leave it alone.
// Float64: products of unit vectors divided by temperatures.
const tolerance: Tolerance = { float64: { relative: 1e-12, absolute: 1e-14 } };
const nothing: Partial<Sample> = { gradient: "0 / 0", onnx: "0 / 0" };
const saturated: Partial<Sample> = {
  gradient: "finite differences cannot see a slope at 1e3",
  onnx: "float32 has no digits left at 1e4",
};

const different = (name: string) => ({
  args: () => [[[1, 2]], [[1, 2, 3]]],
  error: ShapeError,
  message: new RegExp(`${name}: .* must have the same shape.*\\[1, 2\\].*\\[1, 3\\]`),
});
type Teacher = { readonly teacher: TensorArg } & object;

export const cases: OpCases[] = [
  {
    name: "negativeCosineSimilarity",
    run: negativeCosineSimilarity,
    also: ["NegativeCosineSimilarityLoss"],
    samples: fixtures("self-supervised", "negativeCosineSimilarity", {
      sizes: { gradient: "finite differences step over 1e-20", onnx: "subnormals" },
      zeros: { gradient: "the cosine jumps at 0" },
      "no vectors": nothing,
    }),
    errors: [different("negativeCosineSimilarity")],
    tolerance,
  },
  {
    name: "byolLoss",
    run: (p: TensorArg, { z, ...options }: { readonly z: TensorArg }) => byolLoss(p, z, options),
    also: ["BYOLLoss"],
    samples: fixtures("self-supervised", "byolLoss", {
      "nearly the same": { gradient: "the loss jumps at 0", onnx: "subnormals" },
      zeros: { gradient: "the loss jumps at 0" },
    }),
    errors: [{ ...different("byolLoss"), args: () => [[[1, 2]], { z: [[1, 2, 3]] }] }],
    tolerance,
  },
  {
    name: "simSiamLoss",
    run: (p1: TensorArg, p2: TensorArg, { z1, z2, ...options }: { readonly z1: TensorArg; readonly z2: TensorArg }) =>
      simSiamLoss(p1, p2, z1, z2, options),
    also: ["SimSiamLoss"],
    samples: fixtures("self-supervised", "simSiamLoss"),
    errors: [{ ...different("simSiamLoss"), args: () => [[[1, 2]], [[1, 2, 3]], { z1: [[1, 2]], z2: [[1, 2]] }] }],
    tolerance,
  },
  {
    name: "dinoLoss",
    run: (student: TensorArg, { teacher, ...options }: Teacher) => dinoLoss(student, teacher, options),
    samples: fixtures("self-supervised", "dinoLoss", {
      "nothing to compare": nothing,
      "nothing to compare, zero": { gradient: "nothing to compare" },
      saturated,
    }),
    errors: [
      {
        args: () => [[[1]], { teacher: [[[1]]] }],
        error: ShapeError,
        message: /dinoLoss: student has the wrong shape.*\[1, 1\].*\[V, N, D\]/,
      },
      {
        args: () => [[[[1]]], { teacher: [[[1]], [[1]]] }],
        error: ArgumentError,
        message: /dinoLoss: the number of views with targets must be from 1 to 1.*2/,
      },
      {
        args: () => [[[[1]]], { teacher: [[[1, 2]]] }],
        error: ShapeError,
        message: /dinoLoss: a view of the student, a view of the teacher must have the same shape/,
      },
      {
        args: () => [[[[1]]], { teacher: [[[1]]], teacherTemperature: 0 }],
        error: ArgumentError,
        message: /dinoLoss: teacherTemperature must be a number above 0/,
      },
      {
        args: ({ tensor }) => [[[[1]]], { teacher: [[[1]]], center: tensor([1, 2]) }],
        error: ArgumentError,
        message: /dinoLoss: center must be one number for each output, \[1\].*\[2\]/,
      },
    ],
    tolerance,
  },
  {
    name: "ibotPatchLoss",
    run: (student: TensorArg, { teacher, ...options }: Teacher) => ibotPatchLoss(student, teacher, options),
    samples: fixtures("self-supervised", "ibotPatchLoss", {
      "NaN in patches that do not count": { gradient: "finite differences need numbers", onnx: "NaN" },
    }),
    errors: [
      {
        args: ({ bool }) => [[[[1]]], { teacher: [[[1]]], mask: bool([[1, 0]]) }],
        error: ShapeError,
        message: /ibotPatchLoss: a patch's outputs, mask must have the same shape.*\[1, 1\].*\[1, 2\]/,
      },
      {
        args: () => [[[[1]]], { teacher: [[[1]]], normalize: "token" }],
        error: ArgumentError,
        message: /ibotPatchLoss: normalize must be one of "image", "patch"/,
      },
    ],
    tolerance,
  },
  {
    name: "sinkhorn",
    run: sinkhorn,
    samples: fixtures("self-supervised", "sinkhorn", {
      "large scores": saturated,
      "one sample": { gradient: "always even" },
      "all equal": { secondGradient: "the sum of a row is always 1" },
      "*": { tolerance: { ...tolerance, gradient: { relative: 1e-5, absolute: 1e-6 } } },
    }),
    errors: [
      { args: () => [[1]], error: ShapeError, message: /sinkhorn: scores has the wrong shape.*\[1\].*\[N, K\]/ },
      {
        args: () => [[[1]], { iterations: 0 }],
        error: ArgumentError,
        message: /sinkhorn: iterations must be a whole number from 1 on/,
      },
      { args: () => [[[1]], { eps: 0 }], error: ArgumentError, message: /sinkhorn: eps must be a number above 0/ },
    ],
    tolerance,
  },
  {
    name: "swavLoss",
    run: swavLoss,
    also: ["SwAVLoss"],
    samples: fixtures("self-supervised", "swavLoss", {
      "*": { gradient: "no gradient flows through the assignments" },
      "large scores": saturated,
    }),
    errors: [
      {
        args: () => [[[[1]]]],
        error: ArgumentError,
        message: /swavLoss: the number of views with targets must be from 1 to 1.*2/,
      },
      {
        args: ({ tensor }) => [[[[1]], [[1]]], { queue: tensor([[[1, 2]], [[1, 2]]]) }],
        error: ArgumentError,
        message: /swavLoss: queue must be \[2, Q, 1\]/,
      },
    ],
    tolerance,
  },
];
