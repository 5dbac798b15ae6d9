import { ArgumentError, IndexOutOfRangeError, ShapeError } from "@tenon/numerics";
import type { ErrorCase, OpCases, Sample } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { diceCrossEntropyLoss, diceFocalLoss, generalizedDiceFocalLoss } from "./combined-losses.ts";
import { exponentialLogarithmicLoss } from "./exponential-logarithmic-loss.ts";
import { naclLoss } from "./nacl-loss.ts";
import { softBinaryCrossEntropyWithLogits } from "./soft-binary-cross-entropy.ts";
import { unifiedFocalLoss } from "./unified-focal-loss.ts";
import { wassersteinDiceLoss } from "./wasserstein-dice-loss.ts";

// Values: tools/fixtures/losses/segmentation_pixels.py, in 50 digits up to the sums, which are exact; it also holds them against what MONAI's tests state.
const FILE = "segmentation-pixels";
const tolerance = { float64: 1e-12 };
const empty: Partial<Sample> = { gradient: "0 / 0", onnx: "0 / 0" };
const saturated: Partial<Sample> = { onnx: "onnxruntime's float32 chain rounds 1 - p to 0" };

const notNone = (op: string): ErrorCase => ({
  args: ({ index }) => [
    [
      [
        [1, 2],
        [0, 1],
      ],
    ],
    index([[0, 1]]),
    { reduction: "none" },
  ],
  error: ArgumentError,
  message: new RegExp(`${op}: its two terms have different shapes.*"none".*"mean" or "sum"`),
});

const needsLogits = (op: string): ErrorCase => ({
  args: ({ index }) => [
    [
      [
        [0.5, 0.25],
        [0.5, 0.75],
      ],
    ],
    index([[0, 1]]),
    { activation: "none" },
  ],
  error: ArgumentError,
  message: new RegExp(`${op}: the cross entropy needs logits.*"none".*"softmax" or "sigmoid"`),
});

const wrongOption = (op: string, option: string, value: unknown, rule: string): ErrorCase => ({
  args: ({ index }) => [
    [
      [
        [1, 2],
        [0, 1],
      ],
    ],
    index([[0, 1]]),
    { [option]: value },
  ],
  error: ArgumentError,
  message: new RegExp(`${op}: ${option} must be ${rule}.*${value}`),
});

const notAClass = (op: string): ErrorCase => ({
  args: ({ index }) => [
    [
      [
        [1, 2],
        [0, 1],
      ],
    ],
    index([[0, 2]]),
  ],
  error: IndexOutOfRangeError,
  message: new RegExp(`${op}: a target is not a class.*2 at position 1.*0 to 1`),
});

export const diceCrossEntropy: OpCases = {
  name: "diceCrossEntropyLoss",
  run: diceCrossEntropyLoss,
  also: ["DiceCrossEntropyLoss"],
  tolerance,
  samples: fixtures(FILE, "diceCrossEntropyLoss", {
    "all ignored": empty,
    "an ignored value per channel": {
      gradient: "finite differences move the targets that are ignored by their value",
    },
  }),
  errors: ["diceCrossEntropyLoss"].flatMap((op) => [notNone(op), needsLogits(op), notAClass(op)]),
};

export const diceFocal: OpCases = {
  name: "diceFocalLoss",
  run: diceFocalLoss,
  also: ["DiceFocalLoss"],
  tolerance,
  samples: fixtures(FILE, "diceFocalLoss", { "all ignored": empty }),
  errors: [
    ...["diceFocalLoss"].flatMap((op) => [notNone(op), needsLogits(op), notAClass(op)]),
    wrongOption("diceFocalLoss", "gamma", -1, "0 or more"),
  ],
};

export const generalizedDiceFocal: OpCases = {
  name: "generalizedDiceFocalLoss",
  run: generalizedDiceFocalLoss,
  also: ["GeneralizedDiceFocalLoss"],
  tolerance,
  samples: fixtures(FILE, "generalizedDiceFocalLoss", { "all ignored": empty }),
  errors: ["generalizedDiceFocalLoss"].flatMap((op) => [notNone(op), needsLogits(op), notAClass(op)]),
};

export const exponentialLogarithmic: OpCases = {
  name: "exponentialLogarithmicLoss",
  run: exponentialLogarithmicLoss,
  also: ["ExponentialLogarithmicLoss"],
  tolerance,
  samples: fixtures(FILE, "exponentialLogarithmicLoss", { "all ignored": empty, "sure and right": saturated }),
  errors: [
    ...["exponentialLogarithmicLoss"].flatMap((op) => [notNone(op), needsLogits(op), notAClass(op)]),
    wrongOption("exponentialLogarithmicLoss", "gammaDice", 0, "a number above 0"),
  ],
};

export const unifiedFocal: OpCases = {
  name: "unifiedFocalLoss",
  run: unifiedFocalLoss,
  also: ["UnifiedFocalLoss"],
  tolerance,
  samples: fixtures(FILE, "unifiedFocalLoss", { "sure and right": saturated }),
  errors: [
    notNone("unifiedFocalLoss"),
    notAClass("unifiedFocalLoss"),
    wrongOption("unifiedFocalLoss", "delta", 2, "a number from 0 to 1"),
    {
      args: () => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        [
          [
            [1, 0],
            [0, 1],
          ],
        ],
      ],
      error: ShapeError,
      message: /unifiedFocalLoss: takes class indices, and more than one class.*\[1, 2, 2\].*\[1, 2\]/,
    },
    wrongOption("unifiedFocalLoss", "form", "both", 'one of "symmetric", "asymmetric"'),
  ],
};

export const wassersteinDice: OpCases = {
  name: "wassersteinDiceLoss",
  run: wassersteinDiceLoss,
  also: ["WassersteinDiceLoss"],
  tolerance,
  plain: [2],
  samples: fixtures(FILE, "wassersteinDiceLoss"),
  errors: [
    {
      args: ({ index }) => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        index([[0, 1]]),
        [[0, 1]],
      ],
      error: ShapeError,
      message: /wassersteinDiceLoss: there must be a distance for each pair of classes.*\[1, 2\].*\[2, 2\]/,
    },
    {
      args: ({ index }) => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        index([[0, 1]]),
        [
          [0, 0],
          [0, 0],
        ],
      ],
      error: ArgumentError,
      message: /wassersteinDiceLoss: distances must be 0 or more, and not all 0/,
    },
    {
      args: () => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        [
          [
            [1, 0],
            [0, 1],
          ],
        ],
        [
          [0, 1],
          [1, 0],
        ],
      ],
      error: ShapeError,
      message: /wassersteinDiceLoss: takes class indices, and more than one class.*\[1, 2, 2\].*\[1, 2\]/,
    },
  ],
};

export const nacl: OpCases = {
  name: "naclLoss",
  run: naclLoss,
  also: ["NACLLoss"],
  tolerance,
  samples: fixtures(FILE, "naclLoss"),
  errors: [
    notNone("naclLoss"),
    notAClass("naclLoss"),
    wrongOption("naclLoss", "kernelSize", 2, "an odd whole number"),
    wrongOption("naclLoss", "distance", "linf", 'one of "l1", "l2"'),
  ],
};

export const softBinaryCrossEntropy: OpCases = {
  name: "softBinaryCrossEntropyWithLogits",
  run: softBinaryCrossEntropyWithLogits,
  also: ["SoftBCEWithLogitsLoss"],
  tolerance,
  samples: fixtures(FILE, "softBinaryCrossEntropyWithLogits", {
    "smoothed, one ignored": { gradient: "finite differences move the target that is ignored by its value" },
    weights: { gradient: "finite differences move the target that is ignored by its value" },
    "infinite logits": { gradient: "finite differences need finite logits", onnx: "infinity - infinity" },
    "all ignored": empty,
  }),
  errors: [
    {
      args: () => [[1, 2], [1]],
      error: ShapeError,
      message: /softBinaryCrossEntropyWithLogits: input and target differ in shape.*\[2\].*\[1\]/,
    },
    {
      args: () => [[1, 2], [1, 0], { weight: [[1], [2]] }],
      error: ShapeError,
      message: /softBinaryCrossEntropyWithLogits: the weight would stretch the input.*weight \[2, 1\], input \[2\]/,
    },
    {
      args: () => [[1, 2], [1, 0], { posWeight: [1, 2, 3] }],
      error: ShapeError,
      message: /softBinaryCrossEntropyWithLogits: shapes do not broadcast.*\[3\] and \[2\]/,
    },
    {
      args: () => [[1, 2], [1, 0], { labelSmoothing: 2 }],
      error: ArgumentError,
      message: /softBinaryCrossEntropyWithLogits: labelSmoothing must be a number from 0 to 1.*2/,
    },
  ],
};
