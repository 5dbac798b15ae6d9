import { ArgumentError, DTypeError, IndexOutOfRangeError, ShapeError } from "@tenon/numerics";
import type { OpCases } from "@tenon/numerics/testing";
import { stretches } from "../testing/errors.ts";
import { fixtures } from "../testing/fixtures.ts";
import { binaryCrossEntropy, binaryCrossEntropyWithLogits } from "./binary-cross-entropy.ts";
import { crossEntropy } from "./cross-entropy.ts";
import { klDiv } from "./kl-div.ts";
import { klDivLogits } from "./kl-div-logits.ts";
import { nllLoss } from "./nll-loss.ts";

// Values and gradients: tools/fixtures/losses/pytorch.py.

const INFINITE = "finite differences meet infinity";
const EDGE = { gradient: "the edge of the domain" };
const EMPTY = { onnx: "onnxruntime refuses to reshape nothing" };
// The gradient's exponentials are kept in float32 before the target is taken off.
const TWO_UNITS = { tolerance: { float32: 2.4e-7 } };
const NOTHING = { gradient: "0 / 0", onnx: "0 / 0" };

export const bce: OpCases = {
  name: "binaryCrossEntropy",
  run: binaryCrossEntropy,
  also: ["BCELoss"],
  samples: fixtures("pytorch", "binaryCrossEntropy", {
    certain: EDGE,
    "certain, exactly": { ...EDGE, onnx: "0 times infinity" },
    "tiny, exactly": EDGE,
  }),
  errors: [
    {
      args: () => [[1.5], [1]],
      error: ArgumentError,
      message: /binaryCrossEntropy: the input must be probabilities.*1.5 at position 0/,
    },
    { args: () => [[0.5], [[1]]], error: ShapeError, message: /binaryCrossEntropy: input and target differ in shape/ },
    {
      args: () => [[0.5], [2], { checkTarget: true }],
      error: ArgumentError,
      message: /a target has no meaning here.*2 at position 0.*0 to 1/,
    },
  ],
};

export const bceWithLogits: OpCases = {
  name: "binaryCrossEntropyWithLogits",
  run: binaryCrossEntropyWithLogits,
  also: ["BCEWithLogitsLoss"],
  samples: fixtures("pytorch", "binaryCrossEntropyWithLogits", {
    "far out, yes": { gradient: INFINITE, onnx: "float32 on the way" },
    "far out, no": { gradient: INFINITE, onnx: "float32 on the way" },
  }),
  errors: [
    {
      args: () => [[1], [[1]]],
      error: ShapeError,
      message: /binaryCrossEntropyWithLogits: input and target differ in shape/,
    },
  ],
};

export const kl: OpCases = {
  name: "klDiv",
  run: klDiv,
  also: ["KLDivLoss"],
  samples: fixtures("pytorch", "klDiv", {
    "targets of 0": EDGE,
    "log-targets of -Infinity": EDGE,
  }),
  errors: [
    stretches,
    {
      args: () => [[[1]], [[1]], { dim: 1, reduction: "batchmean" }],
      error: ArgumentError,
      message: /klDiv: "batchmean" and dim both say what the mean divides by/,
    },
    {
      args: () => [[1], [1], { reduction: "average" }],
      error: ArgumentError,
      message: /klDiv: unknown reduction.*"average".*"batchmean"/,
    },
  ],
};

export const klLogits: OpCases = {
  name: "klDivLogits",
  run: klDivLogits,
  also: ["KLDivLogitsLoss"],
  samples: fixtures("pytorch", "klDivLogits", {
    close: { onnx: "a sum that cancels" },
    "excluded classes": { gradient: INFINITE, onnx: "0 times infinity" },
    "an input of -Infinity": { gradient: INFINITE },
    "far apart": { onnx: "float32 on the way" },
  }),
  errors: [
    {
      args: () => [[[1, 2]], [1, 2]],
      error: ShapeError,
      message: /softmaxDivergence: input and target must be logits of the same rows.*\[1, 2\].*\[2\]/,
    },
  ],
};

export const ce: OpCases = {
  name: "crossEntropy",
  run: crossEntropy,
  also: ["CrossEntropyLoss"],
  samples: fixtures("pytorch", "crossEntropy", {
    "all ignored": NOTHING,
    "no rows": EMPTY,
    labelSmoothing: TWO_UNITS,
    "labelSmoothing, weight": TWO_UNITS,
    "labelSmoothing, weight, ignoreIndex": TWO_UNITS,
    probabilities: TWO_UNITS,
    "probabilities, weights, smoothing": TWO_UNITS,
  }),
  errors: [
    {
      args: ({ index }) => [[[0, 1, 2]], index([3])],
      error: IndexOutOfRangeError,
      message: /crossEntropy: a target is not a class.*3 at position 0.*0 to 2/,
    },
    {
      args: ({ index }) => [
        [
          [0, 1],
          [2, 3],
        ],
        index([0]),
      ],
      error: ShapeError,
      message: /crossEntropy: there must be one class index for each row.*\[1\].*\[2, 2\]/,
    },
  ],
};

export const nll: OpCases = {
  name: "nllLoss",
  run: nllLoss,
  also: ["NLLLoss"],
  samples: fixtures("pytorch", "nllLoss", { "all ignored": NOTHING, "no rows": EMPTY }),
  errors: [
    { args: () => [[[1, 2]], [0.5]], error: DTypeError, message: /indices must be whole numbers.*0.5/ },
    {
      args: ({ index }) => [[[1, 2]], index([-1])],
      error: IndexOutOfRangeError,
      message: /nllLoss: a target is not a class.*-1 at position 0/,
    },
  ],
};
