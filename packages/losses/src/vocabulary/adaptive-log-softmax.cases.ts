import { ArgumentError, IndexOutOfRangeError, ShapeError, type Tensor } from "@tenon/numerics";
import type { OpCases } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { type AdaptiveSoftmaxWeights, adaptiveLogSoftmax, adaptiveLogSoftmaxLoss } from "./adaptive-log-softmax.ts";

// Values: PyTorch 1.13 in float64, by tools/fixtures/losses/adaptive-softmax.py.

// Products accumulate in float32.
const TOLERANCE = { float32: { relative: 3e-6, absolute: 1e-6 }, float64: { relative: 1e-12, absolute: 1e-14 } };

/** Parameters as the fixtures list them: head weight, head bias or null, then the clusters' pairs one after the other. */
function weightsOf(cutoffs: number[], [headWeight, headBias, ...rest]: (Tensor | null)[]): AdaptiveSoftmaxWeights {
  const tail = cutoffs.map((_, i) => [rest[2 * i]!, rest[2 * i + 1]!] as const);
  return { cutoffs, headWeight: headWeight!, tail, ...(headBias !== null && { headBias: headBias! }) };
}

function runLoss(x: Tensor, target: Tensor, cutoffs: number[], ...rest: (Tensor | object | null)[]): Tensor {
  const last = rest.at(-1);
  const plain = last !== null && last !== undefined && !Array.isArray(last) && !("shape" in last);
  const options = plain ? (rest.pop() as object) : {};
  return adaptiveLogSoftmaxLoss(x, target, { ...options, ...weightsOf(cutoffs, rest as (Tensor | null)[]) });
}

const runLogs = (x: Tensor, cutoffs: number[], ...rest: (Tensor | null)[]) =>
  adaptiveLogSoftmax(x, weightsOf(cutoffs, rest));

const X = [[1, 2]];
const HEAD = [
  [1, 0],
  [0, 1],
];
const PAIR = [[[1, 0]], [[1], [2]]] as const;

export const cases: OpCases[] = [
  {
    name: "adaptiveLogSoftmaxLoss",
    run: runLoss,
    // The class has a test of its own: adaptive-log-softmax.test.ts.
    also: ["AdaptiveLogSoftmaxWithLoss"],
    plain: [2],
    tolerance: TOLERANCE,
    samples: fixtures("adaptive-softmax", "adaptiveLogSoftmaxLoss", {
      "all ignored": { gradient: "0 / 0", onnx: "0 / 0" },
      saturated: { gradient: "differences see no slope in a sure row" },
    }),
    errors: [
      {
        args: ({ index }) => [X, index([3]), [1], HEAD, null, ...PAIR],
        plain: [2],
        error: IndexOutOfRangeError,
        message: /adaptiveLogSoftmaxLoss: a target is not a class.*3 at position 0.*0 to 2/,
      },
      {
        args: ({ index }) => [X, index([0, 1]), [1], HEAD, null, ...PAIR],
        plain: [2],
        error: ShapeError,
        message: /adaptiveLogSoftmaxLoss: there must be one class index for each row/,
      },
      {
        args: ({ index }) => [X, index([0]), [2, 2], HEAD, null, ...PAIR, ...PAIR],
        plain: [2],
        error: ArgumentError,
        message: /adaptiveLogSoftmaxLoss: cutoffs must be increasing whole numbers.*\[2, 2\]/,
      },
    ],
  },
  {
    name: "adaptiveLogSoftmax",
    run: runLogs,
    plain: [1],
    tolerance: TOLERANCE,
    samples: fixtures("adaptive-softmax", "adaptiveLogSoftmax"),
    errors: [
      {
        args: () => [X, [2], HEAD, null, ...PAIR],
        plain: [1],
        error: ShapeError,
        message: /adaptiveLogSoftmax: headWeight does not fit.*\[2, 2\].*\[3, 2\]/,
      },
    ],
  },
];
