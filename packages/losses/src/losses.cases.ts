import { ArgumentError, DTypeError, IndexOutOfRangeError, ShapeError } from "@tenon/numerics";
import type { ErrorCase, OpCases } from "@tenon/numerics/testing";
import { binaryCrossEntropy, binaryCrossEntropyWithLogits } from "./binary-cross-entropy.ts";
import { crossEntropy } from "./cross-entropy.ts";
import { huberLoss } from "./huber-loss.ts";
import { klDiv } from "./kl-div.ts";
import { l1Loss } from "./l1-loss.ts";
import { mseLoss } from "./mse-loss.ts";
import { nllLoss } from "./nll-loss.ts";
import { smoothL1Loss } from "./smooth-l1-loss.ts";

// Values and gradients come from PyTorch in float64: tools/fixtures/losses.py. Inputs are sums of powers of two, so that float32 sees the same ones.
const X = [
  [0.5, -1.25, 2],
  [0, 3.5, -0.75],
];
const T = [
  [1, -1, 0.5],
  [0.25, 1, -2],
];
const Q = [
  [1, 0, 0.25],
  [0, 1, 0.5],
];
const WEIGHT = [1, 2, 0.5];

// These are no sums of powers of two: float32 starts from rounded inputs.
const P = [
  [0.9, 0.2, 0.5],
  [0.05, 0.6, 0.75],
];
const LOG_P = [
  [-1.7326219831020326, -3.4826219831020326, -0.23262198310203266],
  [-3.5435015539302985, -0.04350155393029849, -4.293501553930298],
];
const TP = [
  [0.5740969929676946, 0.0776955791485706, 0.3482074278837349],
  [0.31032777913499876, 0.6569639135841668, 0.032708307280834376],
];
const ROUNDED = { float32: { relative: 2e-6, absolute: 2e-7 }, float64: { relative: 1e-12, absolute: 1e-14 } };

const stretches: ErrorCase = {
  args: () => [
    [[1], [2]],
    [1, 2],
  ],
  error: ShapeError,
  message: /the shapes would stretch each other.*\[2, 1\].*\[2\].*broadcast: true/,
};

function unknownReduction(name: string, input: unknown, target: unknown): ErrorCase {
  return {
    args: () => [input, target, { reduction: "average" }],
    error: ArgumentError,
    message: new RegExp(`${name}: unknown reduction.*"average".*"none", "mean", "sum"`),
  };
}

export const mse: OpCases = {
  name: "mseLoss",
  run: mseLoss,
  also: ["MSELoss"],
  samples: [
    {
      args: () => [X, T],
      expect: 1.7395833333333333,
      grads: [
        [
          [-0.16666666666666666, -0.08333333333333333, 0.5],
          [-0.08333333333333333, 0.8333333333333333, 0.41666666666666663],
        ],
        [
          [0.16666666666666666, 0.08333333333333333, -0.5],
          [0.08333333333333333, -0.8333333333333333, -0.41666666666666663],
        ],
      ],
    },
    { args: () => [X, T, { reduction: "sum" }], expect: 10.4375 },
    {
      args: () => [X, T, { reduction: "none" }],
      expect: [
        [0.25, 0.0625, 2.25],
        [0.0625, 6.25, 1.5625],
      ],
    },
    { name: "weights", args: () => [X, T, { weight: WEIGHT, reduction: "sum" }], expect: 0.3125 + 12.625 + 1.90625 },
    {
      name: "nothing",
      args: ({ tensor }) => [tensor([], { shape: [0] }), tensor([], { shape: [0] })],
      expect: Number.NaN,
      gradient: "0 / 0",
      onnx: "empty",
    },
  ],
  errors: [stretches, unknownReduction("mseLoss", [1], [1])],
};

export const l1: OpCases = {
  name: "l1Loss",
  run: l1Loss,
  also: ["L1Loss"],
  secondGradient: "piecewise linear",
  samples: [{ args: () => [X, T], expect: 1.0416666666666667 }],
  errors: [stretches],
};

export const smoothL1: OpCases = {
  name: "smoothL1Loss",
  run: smoothL1Loss,
  also: ["SmoothL1Loss"],
  secondGradient: "the second derivative jumps where |d| = beta, as it does here",
  samples: [{ args: () => [X, T, { beta: 0.5 }], expect: 0.8125, gradient: "a kink of the slope at |d| = beta" }],
  errors: [stretches],
};

export const huber: OpCases = {
  name: "huberLoss",
  run: huberLoss,
  also: ["HuberLoss"],
  secondGradient: "the second derivative jumps where |d| = delta",
  samples: [{ args: () => [X, T, { delta: 0.75 }], expect: 0.546875, gradient: "a kink of the slope at |d| = delta" }],
  errors: [{ args: () => [X, T, { delta: 0 }], error: ArgumentError, message: /delta/ }],
};

export const bce: OpCases = {
  name: "binaryCrossEntropy",
  run: binaryCrossEntropy,
  also: ["BCELoss"],
  onnx: "the check of the probabilities reads values, which a trace refuses",
  tolerance: ROUNDED,
  samples: [
    {
      args: ({ tensor }) => [tensor(P), tensor(Q).detach()],
      expect: 0.40345973041189304,
      gradient: "differences in the target leave [0, 1]",
      strided: "as the operation below",
    },
    {
      args: () => [
        P,
        [
          [0.5, 0.25, 0.25],
          [0.5, 0.75, 0.5],
        ],
        { clampLog: false },
      ],
      shape: [],
    },
    { name: "weights", args: () => [P, Q, { weight: WEIGHT, reduction: "sum" }], expect: 2.389659858878668 },
    { name: "certain and wrong", args: () => [[0], [1]], expect: 100, gradient: "the edge of the domain" },
  ],
  errors: [
    {
      args: () => [[1.5], [1]],
      error: ArgumentError,
      message: /binaryCrossEntropy: the input must be probabilities.*1.5 at position 0/,
    },
    { args: () => [[0.5], [[1]]], error: ShapeError, message: /binaryCrossEntropy: input and target differ in shape/ },
  ],
};

export const bceWithLogits: OpCases = {
  name: "binaryCrossEntropyWithLogits",
  run: binaryCrossEntropyWithLogits,
  also: ["BCEWithLogitsLoss"],
  samples: [
    { args: () => [X, Q], expect: 0.6396171135859864 },
    { name: "posWeight", args: () => [X, Q, { posWeight: WEIGHT }], expect: 0.5945615578132403 },
    { name: "far out", args: () => [[-1000, 1000], [0, 1], { reduction: "none" }], expect: [0, 0] },
    { name: "confident mistakes", args: () => [[-1000, 1000], [1, 0], { reduction: "none" }], expect: [1000, 1000] },
  ],
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
  tolerance: ROUNDED,
  samples: [
    { args: () => [LOG_P, TP, { reduction: "sum" }], expect: 0.9794884555005039 },
    { args: () => [LOG_P, TP, { reduction: "batchmean" }], expect: 0.48974422775025195 },
    {
      name: "a target of 0",
      args: () => [[-1e4], [0], { reduction: "sum" }],
      expect: 0,
      gradient: "the edge of the domain",
    },
  ],
  errors: [stretches],
};

export const ce: OpCases = {
  name: "crossEntropy",
  run: crossEntropy,
  also: ["CrossEntropyLoss"],
  samples: [
    {
      args: ({ index }) => [X, index([2, 0])],
      expect: 1.8880617685161656,
      grads: [
        [
          [0.08841009105372215, 0.015363370163218216, -0.10377346121694037],
          [-0.4855440434951189, 0.4787155331543342, 0.006828510340784713],
        ],
      ],
    },
    {
      name: "weights",
      args: ({ index, tensor }) => [X, index([2, 0]), { weight: tensor(WEIGHT).detach() }],
      expect: 2.4398750303208767,
      gradient: "weights are not differentiated",
    },
    {
      name: "label smoothing",
      args: ({ index }) => [X, index([2, 0]), { labelSmoothing: 0.1 }],
      expect: 1.921395101849499,
      tolerance: ROUNDED,
    },
    { name: "ignored", args: ({ index }) => [X, index([2, -100])], expect: 0.23262198310203266 },
    { name: "probabilities", args: () => [X, TP], expect: 1.3074685958163847, tolerance: ROUNDED },
    { name: "a confident right answer", args: ({ index }) => [[[20, 0]], index([0])], expect: 2.0611536181902037e-9 },
    {
      name: "all ignored",
      args: ({ index }) => [X, index([-100, -100])],
      expect: Number.NaN,
      gradient: "0 / 0",
      onnx: "0 / 0",
    },
  ],
  errors: [
    {
      args: ({ index }) => [X, index([0, 3])],
      error: IndexOutOfRangeError,
      message: /CrossEntropy: a target is not a class.*3 at position 1.*0 to 2/,
    },
    {
      args: ({ index }) => [X, index([0])],
      error: ShapeError,
      message: /CrossEntropy: there must be one class index for each row.*\[1\].*\[2, 3\]/,
    },
  ],
};

export const nll: OpCases = {
  name: "nllLoss",
  run: nllLoss,
  also: ["NLLLoss"],
  tolerance: ROUNDED,
  samples: [
    {
      args: ({ index }) => [LOG_P, index([2, 0])],
      expect: 1.8880617685161656,
      grads: [
        [
          [0, 0, -0.5],
          [-0.5, 0, 0],
        ],
      ],
    },
    { args: ({ index }) => [LOG_P, index([2, -100]), { ignoreIndex: -100 }], expect: 0.23262198310203266 },
  ],
  errors: [
    { args: () => [X, [0.5, 1]], error: DTypeError, message: /indices must be whole numbers.*0.5/ },
    {
      args: ({ index }) => [X, index([0, -1])],
      error: IndexOutOfRangeError,
      message: /nll: a target is not a class.*-1 at position 1/,
    },
  ],
};
