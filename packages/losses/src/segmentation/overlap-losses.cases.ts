import { ArgumentError, DTypeError, ShapeError } from "@tenon/numerics";
import type { OpCases, Sample } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { overlapErrors } from "../testing/overlap-errors.ts";
import { diceLoss } from "./dice-loss.ts";
import { generalizedDiceLoss } from "./generalized-dice-loss.ts";
import { jaccardLoss } from "./jaccard-loss.ts";
import { matthewsCorrelationLoss } from "./matthews-correlation-loss.ts";

// Values: tools/fixtures/losses/segmentation_overlap.py, in 50 digits up to the sums, which are exact; it also holds them against what MONAI's tests state.
const FILE = "segmentation-overlap";

const tolerance = { float64: 1e-12 };
const ignoredValue = { gradient: "finite differences move the targets that are ignored by their value" };
const steep = { gradient: "the slope changes within the smoothing, which is less than a step of the differences" };
const infinite: Partial<Sample> = {
  gradient: "finite differences need finite logits",
  onnx: "infinity - infinity",
};
const saturated: Partial<Sample> = { onnx: "onnxruntime's float32 chain rounds 1 - p to 0" };

export const dice: OpCases = {
  name: "diceLoss",
  run: diceLoss,
  also: ["DiceLoss"],
  tolerance,
  samples: fixtures(FILE, "diceLoss", {
    "soft targets reached (MONAI)": { gradient: "a kink where prediction and target are equal" },
    "an ignored value per channel": ignoredValue,
    "an ignored value per channel, softmax": ignoredValue,
    "empty truth, empty prediction": steep,
    "empty truth, empty prediction, no smoothing": { gradient: "a jump at 0" },
    "empty truth, empty prediction, denominator smoothed": steep,
    "background only, skipped, mean of nothing": { gradient: "0 / 0" },
    "batch of none": { gradient: "0 / 0" },
    "infinite logits": infinite,
    "infinite logits, one channel": { gradient: "finite differences need finite logits" },
    "infinite logits of an ignored pixel": { gradient: "finite differences need finite logits" },
    "log of a score of 0": { gradient: "an infinite loss" },
    "log of nothing against nothing": { gradient: "a jump at 0" },
  }),
  errors: [
    ...overlapErrors("diceLoss"),
    {
      args: ({ tensor }) => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        tensor([[0, 1]]),
      ],
      error: DTypeError,
      message: /diceLoss: targets must be class indices.*float32/,
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
        { smoothNumerator: 1 },
      ],
      error: ArgumentError,
      message: /diceLoss: smoothing must be 0 or more.*smoothNumerator 1, smoothDenominator 0.00001/,
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
        { absent: "drop" },
      ],
      error: ArgumentError,
      message: /diceLoss: absent must be one of "keep", "zero", "skip".*"drop"/,
    },
    {
      args: ({ index, bool }) => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        index([[0, 1]]),
        { mask: bool([1, 0]) },
      ],
      error: ShapeError,
      message: /diceLoss: the mask must have one value for each pixel.*\[2\].*\[1, 2\]/,
    },
    {
      args: () => [[[[1, 2]]], [[[0, 1]]], { activation: "softmax" }],
      error: ArgumentError,
      message: /diceLoss: a softmax needs more than one class.*"sigmoid"/,
    },
    {
      args: ({ index }) => [[[[1, 2]]], index([[0, 2]])],
      error: ArgumentError,
      message: /diceLoss: for a single channel a class is 0 or 1.*2 at position 1/,
    },
  ],
};

export const jaccard: OpCases = {
  name: "jaccardLoss",
  run: jaccardLoss,
  also: ["JaccardLoss"],
  tolerance,
  samples: fixtures(FILE, "jaccardLoss"),
  errors: overlapErrors("jaccardLoss"),
};

export const generalizedDice: OpCases = {
  name: "generalizedDiceLoss",
  run: generalizedDiceLoss,
  also: ["GeneralizedDiceLoss"],
  tolerance,
  samples: fixtures(FILE, "generalizedDiceLoss", { "sure and right": saturated }),
  errors: [
    ...overlapErrors("generalizedDiceLoss"),
    {
      args: ({ index }) => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        index([[0, 1]]),
        { weighting: "volume" },
      ],
      error: ArgumentError,
      message: /generalizedDiceLoss: weighting must be one of "square", "simple", "uniform".*"volume"/,
    },
  ],
};

export const matthews: OpCases = {
  name: "matthewsCorrelationLoss",
  run: matthewsCorrelationLoss,
  also: ["MatthewsCorrelationLoss"],
  tolerance,
  samples: fixtures(FILE, "matthewsCorrelationLoss", {
    "sure and right": saturated,
    "no foreground": { gradient: "a jump where the truth is empty" },
  }),
  errors: [
    ...overlapErrors("matthewsCorrelationLoss"),
    {
      args: ({ index }) => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        index([[0, 1]]),
        { smooth: -1 },
      ],
      error: ArgumentError,
      message: /matthewsCorrelationLoss: smooth must be a number of 0 or more.*-1/,
    },
  ],
};
