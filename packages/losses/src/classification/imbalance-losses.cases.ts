import { ArgumentError, IndexOutOfRangeError, ShapeError } from "@tenon/numerics";
import type { ErrorCase, OpCases, Sample } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { balancedSoftmaxLoss } from "./balanced-softmax-loss.ts";
import { classBalancedLoss, classBalancedWeights } from "./class-balanced-loss.ts";
import { ldamLoss } from "./ldam-loss.ts";
import { logitAdjustedCrossEntropy } from "./logit-adjusted-cross-entropy.ts";

// Values: tools/fixtures/losses/imbalance.py, in arbitrary precision.

const COMMON = {
  "all ignored": { gradient: "0 / 0", onnx: "0 / 0" },
  "no rows": { onnx: "onnxruntime refuses to reshape nothing" },
} satisfies Record<string, Partial<Sample>>;
const INFINITE = { gradient: "finite differences need finite logits", onnx: "infinity - infinity" };

function errors(name: string, option: string): ErrorCase[] {
  return [
    {
      args: ({ index }) => [[[1, 2]], index([2]), { [option]: [1, 1] }],
      error: IndexOutOfRangeError,
      message: new RegExp(`${name}: a target is not a class.*2 at position 0.*0 to 1`),
    },
    {
      args: ({ index }) => [[[1, 2]], index([1]), { [option]: [1] }],
      error: ShapeError,
      message: new RegExp(`${name}: ${option} must have one number for each class.*\\[1\\].*\\[2\\]`),
    },
  ];
}

function noCount(name: string): ErrorCase {
  return {
    args: ({ index }) => [[[1, 2]], index([1]), { counts: [3, 0] }],
    error: ArgumentError,
    message: new RegExp(`${name}: every class must occur.*0 samples of class 1`),
  };
}

function refuses(name: string, options: object, message: RegExp): ErrorCase {
  return {
    name: `${name} ${JSON.stringify(options)}`,
    args: ({ index }) => [[[1, 2]], index([1]), { counts: [3, 1], ...options }],
    error: ArgumentError,
    message,
  };
}

export const cases: OpCases[] = [
  {
    name: "logitAdjustedCrossEntropy",
    run: logitAdjustedCrossEntropy,
    also: ["LogitAdjustedCrossEntropyLoss"],
    samples: fixtures("imbalance", "logitAdjustedCrossEntropy", {
      ...COMMON,
      "a prior of 0": { gradient: "infinite", onnx: "infinity - infinity" },
      "infinite logits": INFINITE,
    }),
    errors: errors("logitAdjustedCrossEntropy", "priors"),
  },
  {
    name: "balancedSoftmaxLoss",
    run: balancedSoftmaxLoss,
    also: ["BalancedSoftmaxLoss"],
    samples: fixtures("imbalance", "balancedSoftmaxLoss", COMMON),
    errors: errors("balancedSoftmaxLoss", "counts"),
  },
  {
    name: "ldamLoss",
    run: ldamLoss,
    also: ["LdamLoss"],
    samples: fixtures("imbalance", "ldamLoss", COMMON),
    errors: [...errors("ldamLoss", "counts"), noCount("ldamLoss")],
  },
  {
    name: "classBalancedLoss",
    run: classBalancedLoss,
    also: ["ClassBalancedLoss"],
    samples: fixtures("imbalance", "classBalancedLoss", {
      ...COMMON,
      "infinite logits, sigmoid": INFINITE,
      "infinite logits, focal": INFINITE,
    }),
    errors: [
      ...errors("classBalancedLoss", "counts"),
      noCount("classBalancedLoss"),
      refuses("classBalancedLoss", { beta: 2 }, /classBalancedLoss: beta must lie in \[0, 1\].*2/),
      refuses("classBalancedLoss", { gamma: -1 }, /classBalancedLoss: gamma must be 0 or more.*-1/),
      refuses(
        "classBalancedLoss",
        { loss: "hinge" },
        /classBalancedLoss: unknown loss.*"hinge".*"softmax", "sigmoid", "focal"/,
      ),
    ],
  },
  {
    name: "classBalancedWeights",
    run: classBalancedWeights,
    samples: fixtures("imbalance", "classBalancedWeights"),
    errors: [
      {
        args: () => [[1, 0]],
        error: ArgumentError,
        message: /classBalancedWeights: every class must occur.*0 samples of class 1/,
      },
      {
        args: () => [[1, 2], { beta: -1 }],
        error: ArgumentError,
        message: /classBalancedWeights: beta must lie in \[0, 1\].*-1/,
      },
    ],
  },
];
