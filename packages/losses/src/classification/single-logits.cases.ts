import { ArgumentError, ShapeError } from "@tenon/numerics";
import type { ErrorCase, OpCases, Sample } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { asymmetricLoss } from "./asymmetric-loss.ts";
import { binaryBrierLoss } from "./brier-loss.ts";
import { sigmoidPoly1FocalLoss, sigmoidPoly1Loss } from "./poly1-loss.ts";
import { qualityFocalLoss, varifocalLoss } from "./quality-focal-loss.ts";
import { sigmoidFocalLoss } from "./sigmoid-focal-loss.ts";

// Values and gradients: tools/fixtures/losses/single-logits.py, in 150 digits.

type Extra = Readonly<Record<string, Partial<Sample>>>;

const infinite = { gradient: "finite differences need finite logits", onnx: "infinity - infinity" };
const nothing = { nothing: { gradient: "0 / 0", onnx: "empty" } };
const saturated = { onnx: "float32 holds no such probabilities" };

/** What holds for the samples of one loss with these options. */
function rowsOf(label: string, more: Extra = {}): Extra {
  return { [`saturated${label}`]: saturated, [`infinite${label}`]: infinite, ...more };
}

function refuses(name: string): ErrorCase[] {
  return [
    { args: () => [[1, 2], [1]], error: ShapeError, message: new RegExp(`${name}: input and target differ in shape`) },
    {
      args: () => [[1], [2], { checkTarget: true }],
      error: ArgumentError,
      message: new RegExp(`${name}: a target has no meaning here.*2 at position 0.*numbers from 0 to 1`),
    },
  ];
}

function option(name: string, options: object, message: RegExp): ErrorCase {
  return { args: () => [[1], [1], options], error: ArgumentError, message: new RegExp(`${name}: ${message.source}`) };
}

export const focal: OpCases = {
  name: "sigmoidFocalLoss",
  run: sigmoidFocalLoss,
  also: ["SigmoidFocalLoss"],
  samples: fixtures("single-logits", "sigmoidFocalLoss", {
    ...rowsOf("", nothing),
    ...rowsOf(", gamma 0.5, no alpha"),
    ...rowsOf(", gamma 0"),
    "saturated, gamma 3, alpha 1": saturated,
  }),
  errors: [
    ...refuses("sigmoidFocalLoss"),
    option("sigmoidFocalLoss", { alpha: -1 }, /alpha must be from 0 to 1, or null.*-1/),
    option("sigmoidFocalLoss", { gamma: -1 }, /gamma must be 0 or more.*-1/),
  ],
};

export const poly: OpCases = {
  name: "sigmoidPoly1Loss",
  run: sigmoidPoly1Loss,
  also: ["SigmoidPoly1Loss"],
  samples: fixtures("single-logits", "sigmoidPoly1Loss", {
    ...rowsOf("", nothing),
    "saturated, epsilon -1": saturated,
  }),
  errors: refuses("sigmoidPoly1Loss"),
};

export const polyFocal: OpCases = {
  name: "sigmoidPoly1FocalLoss",
  run: sigmoidPoly1FocalLoss,
  also: ["SigmoidPoly1FocalLoss"],
  samples: fixtures("single-logits", "sigmoidPoly1FocalLoss", {
    ...rowsOf("", nothing),
    "saturated, gamma 1, alpha 0.25": saturated,
  }),
  errors: [
    ...refuses("sigmoidPoly1FocalLoss"),
    option("sigmoidPoly1FocalLoss", { alpha: 2 }, /alpha must be from 0 to 1, or null.*2/),
    option("sigmoidPoly1FocalLoss", { gamma: -1 }, /gamma must be 0 or more.*-1/),
  ],
};

export const asymmetric: OpCases = {
  name: "asymmetricLoss",
  run: asymmetricLoss,
  also: ["AsymmetricLoss"],
  samples: fixtures("single-logits", "asymmetricLoss", {
    ...rowsOf("", nothing),
    ...rowsOf(", no clip"),
    "saturated, gammas 0.5": saturated,
    detachFocus: { gradient: "it is not the derivative of the value" },
  }),
  errors: [
    ...refuses("asymmetricLoss"),
    option("asymmetricLoss", { gammaPos: -1 }, /gammaPos must be 0 or more.*-1/),
    option("asymmetricLoss", { gammaNeg: -1 }, /gammaNeg must be 0 or more.*-1/),
    option("asymmetricLoss", { clip: 1 }, /clip must be 0 or more and below 1.*1/),
  ],
};

export const quality: OpCases = {
  name: "qualityFocalLoss",
  run: qualityFocalLoss,
  also: ["QualityFocalLoss"],
  samples: fixtures("single-logits", "qualityFocalLoss", {
    ...rowsOf("", nothing),
    ...rowsOf(", beta 1.5"),
    "saturated, beta 0": saturated,
    "at the target, beta 0.5": { gradient: "a cusp where the probability is the target" },
  }),
  errors: [...refuses("qualityFocalLoss"), option("qualityFocalLoss", { beta: -1 }, /beta must be 0 or more.*-1/)],
};

export const varifocal: OpCases = {
  name: "varifocalLoss",
  run: varifocalLoss,
  also: ["VarifocalLoss"],
  samples: fixtures("single-logits", "varifocalLoss", {
    ...rowsOf("", nothing),
    ...rowsOf(", gamma 0.5"),
    mean: { gradient: "a jump where a target is 0" },
    "mean, gamma 0.5": { gradient: "a jump where a target is 0" },
    saturated: { ...saturated, gradient: "a jump where a target is 0" },
    "saturated, gamma 0.5": { ...saturated, gradient: "a jump where a target is 0" },
  }),
  errors: [
    ...refuses("varifocalLoss"),
    option("varifocalLoss", { alpha: -1 }, /alpha must be 0 or more.*-1/),
    option("varifocalLoss", { gamma: -1 }, /gamma must be 0 or more.*-1/),
  ],
};

export const brier: OpCases = {
  name: "binaryBrierLoss",
  run: binaryBrierLoss,
  also: ["BinaryBrierLoss"],
  samples: fixtures("single-logits", "binaryBrierLoss", rowsOf("", nothing)),
  errors: refuses("binaryBrierLoss"),
};
