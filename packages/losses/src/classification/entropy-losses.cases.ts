import { ArgumentError, DTypeError, IndexOutOfRangeError, ShapeError } from "@tenon/numerics";
import type { OpCases } from "@tenon/numerics/testing";
import { stretches } from "../testing/errors.ts";
import { LOG_P, P, Q, ROUNDED, TP, WEIGHT, X } from "../testing/samples.ts";
import { binaryCrossEntropy, binaryCrossEntropyWithLogits } from "./binary-cross-entropy.ts";
import { crossEntropy } from "./cross-entropy.ts";
import { klDiv } from "./kl-div.ts";
import { nllLoss } from "./nll-loss.ts";

// Values and gradients come from PyTorch in float64: tools/fixtures/losses/pytorch.py.

export const bce: OpCases = {
  name: "binaryCrossEntropy",
  run: binaryCrossEntropy,
  also: ["BCELoss"],
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
      message: /crossEntropy: a target is not a class.*3 at position 1.*0 to 2/,
    },
    {
      args: ({ index }) => [X, index([0])],
      error: ShapeError,
      message: /crossEntropy: there must be one class index for each row.*\[1\].*\[2, 3\]/,
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
      message: /nllLoss: a target is not a class.*-1 at position 1/,
    },
  ],
};
