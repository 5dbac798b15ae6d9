import { ArgumentError, IndexOutOfRangeError } from "@tenon/numerics";
import type { ErrorCase, OpCases, Sample } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { asymmetricSingleLabelLoss } from "./asymmetric-loss.ts";
import { brierLoss } from "./brier-loss.ts";
import { generalizedCrossEntropy } from "./generalized-cross-entropy.ts";
import { labelRelaxationLoss } from "./label-relaxation-loss.ts";
import { categoricalHingeLoss, multiclassHingeLoss, multiclassPerceptronLoss } from "./multiclass-hinge-loss.ts";
import {
  activePassiveLoss,
  normalizedCrossEntropy,
  normalizedFocalLoss,
  reverseCrossEntropy,
  symmetricCrossEntropy,
} from "./noise-robust-losses.ts";
import { ohemCrossEntropy } from "./ohem-cross-entropy.ts";
import { poly1FocalLoss, poly1Loss } from "./poly1-loss.ts";
import { crossEntropyWithZLoss, zLoss } from "./z-loss.ts";

// Values and gradients: tools/fixtures/losses/class-rows.py, in 150 digits.

// A gradient of these goes through that of the rows' cross entropy, which is float32 before it is multiplied: two roundings.
const twice: OpCases["tolerance"] = { float32: { relative: 1.5e-7, absolute: 5e-45 } };

type Extra = Record<string, Partial<Sample>>;

/** What holds for the samples of every loss, by how their names begin. */
function samplesOf(loss: string, more: Extra = {}): Sample[] {
  const rules: Extra = {
    saturated: { onnx: "float32 holds no such probabilities" },
    huge: { onnx: "float32 holds no such probabilities" },
    "infinite logits": { gradient: "finite differences need finite logits", onnx: "infinity - infinity" },
    "all ignored": { gradient: "0 / 0", onnx: "0 / 0" },
    "no rows": { gradient: "0 / 0", onnx: "empty" },
  };
  return fixtures("class-rows", loss).map((sample) => {
    const name = sample.name ?? "";
    const rule = Object.keys(rules).find((start) => name.startsWith(start));
    return { ...sample, ...(rule === undefined ? {} : rules[rule]), ...more["*"], ...more[name] };
  });
}

function refuses(name: string): ErrorCase {
  return {
    args: ({ index }) => [[[1, 2]], index([2])],
    error: IndexOutOfRangeError,
    message: new RegExp(`${name}: a target is not a class.*2 at position 0.*0 to 1`),
  };
}

function option(name: string, options: object, message: RegExp): ErrorCase {
  return {
    args: ({ index }) => [[[1, 2]], index([0]), options],
    error: ArgumentError,
    message: new RegExp(`${name}: ${message.source}`),
  };
}

function oneClass(name: string): ErrorCase {
  return {
    args: ({ index }) => [[[1]], index([0])],
    error: ArgumentError,
    message: new RegExp(`${name}: one class alone has no loss to share.*1 class`),
  };
}

export const poly: OpCases = {
  name: "poly1Loss",
  run: poly1Loss,
  also: ["Poly1Loss"],
  tolerance: twice,
  samples: samplesOf("poly1Loss"),
  errors: [refuses("poly1Loss")],
};

export const polyFocal: OpCases = {
  name: "poly1FocalLoss",
  run: poly1FocalLoss,
  also: ["Poly1FocalLoss"],
  tolerance: twice,
  samples: samplesOf("poly1FocalLoss"),
  errors: [refuses("poly1FocalLoss"), option("poly1FocalLoss", { gamma: -1 }, /gamma must be 0 or more.*-1/)],
};

export const asymmetric: OpCases = {
  name: "asymmetricSingleLabelLoss",
  run: asymmetricSingleLabelLoss,
  also: ["AsymmetricSingleLabelLoss"],
  samples: samplesOf("asymmetricSingleLabelLoss"),
  errors: [
    refuses("asymmetricSingleLabelLoss"),
    option("asymmetricSingleLabelLoss", { gammaNeg: -1 }, /gammaNeg must be 0 or more.*-1/),
    option("asymmetricSingleLabelLoss", { labelSmoothing: 2 }, /labelSmoothing must be from 0 to 1.*2/),
  ],
};

export const generalized: OpCases = {
  name: "generalizedCrossEntropy",
  run: generalizedCrossEntropy,
  also: ["GeneralizedCrossEntropyLoss"],
  tolerance: twice,
  samples: samplesOf("generalizedCrossEntropy", {
    "mean, q 1e-6": { onnx: "ONNX has no expm1" },
    "rows, one ignored, q 1e-6": { onnx: "ONNX has no expm1" },
  }),
  errors: [
    refuses("generalizedCrossEntropy"),
    option("generalizedCrossEntropy", { q: -1 }, /q must be 0 or more.*-1/),
    option("generalizedCrossEntropy", { truncation: 1 }, /truncation must be 0 or more and below 1.*1/),
  ],
};

export const reverse: OpCases = {
  name: "reverseCrossEntropy",
  run: reverseCrossEntropy,
  also: ["ReverseCrossEntropyLoss"],
  tolerance: twice,
  samples: samplesOf("reverseCrossEntropy"),
  errors: [refuses("reverseCrossEntropy"), option("reverseCrossEntropy", { logZero: 0 }, /logZero must be below 0.*0/)],
};

export const symmetric: OpCases = {
  name: "symmetricCrossEntropy",
  run: symmetricCrossEntropy,
  also: ["SymmetricCrossEntropyLoss"],
  tolerance: twice,
  samples: samplesOf("symmetricCrossEntropy"),
  errors: [
    refuses("symmetricCrossEntropy"),
    option("symmetricCrossEntropy", { alpha: -1 }, /alpha must be 0 or more.*-1/),
    option("symmetricCrossEntropy", { logZero: 1 }, /logZero must be below 0.*1/),
  ],
};

export const normalized: OpCases = {
  name: "normalizedCrossEntropy",
  run: normalizedCrossEntropy,
  also: ["NormalizedCrossEntropyLoss"],
  samples: samplesOf("normalizedCrossEntropy"),
  errors: [refuses("normalizedCrossEntropy"), oneClass("normalizedCrossEntropy")],
};

export const normalizedFocal: OpCases = {
  name: "normalizedFocalLoss",
  run: normalizedFocalLoss,
  also: ["NormalizedFocalLoss"],
  samples: samplesOf("normalizedFocalLoss"),
  errors: [
    refuses("normalizedFocalLoss"),
    oneClass("normalizedFocalLoss"),
    option("normalizedFocalLoss", { gamma: -1 }, /gamma must be 0 or more.*-1/),
  ],
};

export const activePassive: OpCases = {
  name: "activePassiveLoss",
  run: activePassiveLoss,
  also: ["ActivePassiveLoss"],
  samples: samplesOf("activePassiveLoss"),
  errors: [
    refuses("activePassiveLoss"),
    oneClass("activePassiveLoss"),
    option("activePassiveLoss", { beta: -1 }, /beta must be 0 or more.*-1/),
    option("activePassiveLoss", { logZero: 0 }, /logZero must be below 0.*0/),
  ],
};

export const withZ: OpCases = {
  name: "crossEntropyWithZLoss",
  run: crossEntropyWithZLoss,
  also: ["CrossEntropyWithZLoss"],
  samples: samplesOf("crossEntropyWithZLoss"),
  errors: [
    refuses("crossEntropyWithZLoss"),
    option("crossEntropyWithZLoss", { coefficient: -1 }, /coefficient must be 0 or more.*-1/),
  ],
};

export const z: OpCases = {
  name: "zLoss",
  run: zLoss,
  also: ["ZLoss"],
  samples: samplesOf("zLoss"),
  errors: [
    { args: () => [[[1]], { coefficient: -1 }], error: ArgumentError, message: /zLoss: coefficient must be 0 or more/ },
  ],
};

export const brier: OpCases = {
  name: "brierLoss",
  run: brierLoss,
  also: ["BrierLoss"],
  samples: samplesOf("brierLoss"),
  errors: [refuses("brierLoss")],
};

export const labelRelaxation: OpCases = {
  name: "labelRelaxationLoss",
  run: labelRelaxationLoss,
  also: ["LabelRelaxationLoss"],
  tolerance: twice,
  samples: samplesOf("labelRelaxationLoss"),
  errors: [
    refuses("labelRelaxationLoss"),
    option("labelRelaxationLoss", { alpha: 1 }, /alpha must be 0 or more and below 1.*1/),
  ],
};

export const hinge: OpCases = {
  name: "multiclassHingeLoss",
  run: multiclassHingeLoss,
  also: ["MulticlassHingeLoss"],
  secondGradient: "piecewise linear",
  samples: samplesOf("multiclassHingeLoss"),
  errors: [
    refuses("multiclassHingeLoss"),
    option("multiclassHingeLoss", { form: "other" }, /form must be one of "crammer-singer", "weston-watkins".*"other"/),
  ],
};

export const perceptron: OpCases = {
  name: "multiclassPerceptronLoss",
  run: multiclassPerceptronLoss,
  also: ["MulticlassPerceptronLoss"],
  secondGradient: "piecewise linear",
  samples: samplesOf("multiclassPerceptronLoss"),
  errors: [refuses("multiclassPerceptronLoss")],
};

export const categorical: OpCases = {
  name: "categoricalHingeLoss",
  run: categoricalHingeLoss,
  also: ["CategoricalHingeLoss"],
  secondGradient: "piecewise linear",
  samples: samplesOf("categoricalHingeLoss"),
  errors: [refuses("categoricalHingeLoss")],
};

export const ohem: OpCases = {
  name: "ohemCrossEntropy",
  run: ohemCrossEntropy,
  also: ["OhemCrossEntropyLoss"],
  samples: samplesOf("ohemCrossEntropy", {
    weights: { gradient: "cross entropy takes class weights as constants" },
    "all easy": { gradient: "0 / 0", onnx: "0 / 0" },
    "infinite rows": { gradient: "finite differences need finite logits", onnx: "infinity - infinity" },
  }),
  errors: [
    refuses("ohemCrossEntropy"),
    option("ohemCrossEntropy", { threshold: 2 }, /threshold must be from 0 to 1.*2/),
    option("ohemCrossEntropy", { minKept: 0.5 }, /minKept must be a whole number of rows.*0.5/),
  ],
};
