import { ArgumentError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import type { OpCases } from "../testing/cases.ts";
import { add } from "./add.ts";
import { binaryEntropyWithLogits } from "./entropy-losses.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { pow } from "./pow.ts";
import { sigmoid } from "./sigmoid.ts";
import { type SigmoidFocalErrorOptions, sigmoidFocalError } from "./sigmoid-focal-error.ts";
import { sub } from "./sub.ts";

function composed(
  x: Tensor,
  t: Tensor,
  { alpha = null, gamma = 2, reduction = "mean" }: SigmoidFocalErrorOptions = {},
) {
  const other = sub(1, t);
  const entropy = binaryEntropyWithLogits(x, t, { reduction: "none" });
  const losses = mul(entropy, pow(add(mul(t, sigmoid(neg(x))), mul(other, sigmoid(x))), gamma));
  const balanced = alpha === null ? losses : mul(losses, add(mul(t, alpha), mul(other, 1 - alpha)));
  if (reduction === "none") return balanced;
  return reduction === "sum" ? balanced.sum() : balanced.mean();
}

const X = [
  [0.5, -1.25, 2],
  [3, 0.75, -0.5],
];
const T = [
  [1, 0, 0.5],
  [0.25, 1, 0],
];
const infinite = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

export const cases: OpCases = {
  name: "sigmoidFocalError",
  run: sigmoidFocalError,
  composed,
  samples: [
    { args: () => [X, T] },
    { args: () => [X, T, { reduction: "sum", alpha: 0.25 }] },
    { args: () => [X, T, { reduction: "none", gamma: 0.5, alpha: 1 }] },
    { args: () => [X, T, { reduction: "none", gamma: 0 }] },
    { args: () => [X, T, { reduction: "none", gamma: 1, alpha: 0 }] },
    { args: () => [X, T, { gamma: 3 }] },
    { name: "broadcast", args: () => [X, [0.5, 1, 0], { gamma: 4 }] },
    {
      name: "confident",
      args: ({ index }) => [[20, -20, 100, -100, 1000, -1000], index([1, 1, 1, 1, 1, 1]), { reduction: "none" }],
      expect: [8.756510717575235e-27, 19.99999991961501, 5.148200222412013e-131, 100, 0, 1000],
      onnx: "float32 holds no such probabilities",
    },
    {
      name: "infinite",
      args: ({ index }) => [[...infinite, ...infinite], index([1, 1, 0, 0]), { reduction: "none" }],
      expect: [0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0],
      grads: [[0, -1, 1, 0]],
      gradient: "finite differences need finite logits",
      onnx: "infinity - infinity",
    },
    {
      name: "halfway",
      args: () => [[1e-20, -1e-6, 0], [0.5, 0.5, 0.5], { reduction: "none", gamma: 1, alpha: 0.5 }],
      // x / 16 and -(log 2 + 1) x / 4: what sigmoids that have rounded to 1/2 would give as 0.
      grads: [
        [1e-20 / 16, -1e-6 / 16, 0],
        [(-(Math.LN2 + 1) / 4) * 1e-20, ((Math.LN2 + 1) / 4) * 1e-6, 0],
      ],
      tolerance: { float64: 1e-12 },
    },
    {
      name: "nothing",
      args: ({ tensor }) => [tensor([], { shape: [0] }), tensor([], { shape: [0] })],
      expect: Number.NaN,
      gradient: "0 / 0",
      onnx: "empty",
    },
  ],
  errors: [
    {
      args: () => [[1], [1], { reduction: "average" }],
      error: ArgumentError,
      message: /sigmoidFocalError: unknown reduction.*"average"/,
    },
  ],
};
