import { grad, isFloatingPoint, type Tensor, tensor } from "@tenon/numerics";
import { describe, expect, test } from "vitest";
import * as losses from "./index.ts";

// What holds for every loss of elements, rows of logits and pairs of them, whatever its formula.

interface Row {
  readonly loss: keyof typeof losses;
  /** Floating arguments as lists, class indices as `classes`. */
  readonly args: readonly unknown[];
  readonly options?: Readonly<Record<string, unknown>>;
  /** Arguments that choose between formulas: what they are besides 1 and -1 has no meaning. */
  readonly signs?: number;
}

const classes = { index: [2, 0, 1] };
const reals = [0.5, -1.25, 2.5];
const others = [0.75, 1.5, -0.5];
const amounts = [0.25, 1.5, 3];
const shares = [0.25, 0.875, 0.5];
const signs = [1, -1, 1];
const logits = [
  [0.5, -1, 2],
  [0.25, 1.5, -0.75],
  [-2, 0.125, 1],
];
const more = [
  [1, 0.5, -0.5],
  [-1.25, 0.25, 2],
  [0.75, -0.125, 0.5],
];
const counts = { plain: [5, 100, 20] };

function all(names: readonly (keyof typeof losses)[], args: readonly unknown[], signs?: number): Row[] {
  return names.map((loss) => ({ loss, args, ...(signs !== undefined && { signs }) }));
}

const ROWS: readonly Row[] = [
  ...all(["l1Loss", "mseLoss", "huberLoss", "smoothL1Loss", "logCoshLoss", "charbonnierLoss"], [reals, others]),
  ...all(["cauchyLoss", "gemanMcClureLoss", "welschLoss", "barronLoss", "wingLoss"], [reals, others]),
  ...all(["pinballLoss", "expectileLoss", "mapeLoss", "smapeLoss", "discriminatorLoss"], [reals, others]),
  ...all(["msleLoss", "tweedieLoss", "poissonNllLoss"], [amounts, amounts]),
  { loss: "poissonNllLoss", args: [reals, amounts], options: { full: true } },
  ...all(["gaussianNllLoss", "logNormalNllLoss", "gammaNllLoss"], [amounts, others.map(Math.abs), amounts]),
  { loss: "gaussianNllLoss", args: [reals, others, others], options: { logVar: true } },
  ...all(["negativeBinomialNllLoss"], [reals, amounts, amounts]),
  ...all(["studentTNllLoss"], [reals, others, amounts, amounts]),
  ...all(["binaryCrossEntropy"], [shares, shares]),
  ...all(["binaryCrossEntropyWithLogits", "sigmoidFocalLoss", "asymmetricLoss", "qualityFocalLoss"], [reals, shares]),
  ...all(["varifocalLoss", "binaryBrierLoss", "sigmoidPoly1Loss", "sigmoidPoly1FocalLoss"], [reals, shares]),
  ...all(["biTemperedBinaryLogisticLoss", "binarySparsemaxLoss"], [reals, shares]),
  ...all(["hingeLoss", "squaredHingeLoss", "smoothedHingeLoss", "perceptronLoss"], [reals, signs]),
  ...all(["softMarginLoss", "softHingeLoss"], [reals, signs]),
  ...all(["hingeEmbeddingLoss"], [reals, signs], 1),
  ...all(["marginRankingLoss"], [reals, others, signs]),
  ...all(["cosineEmbeddingLoss"], [logits, more, signs], 2),
  ...all(["tripletMarginLoss", "tripletMarginWithDistanceLoss"], [logits, more, more.map((row) => row.toReversed())]),
  ...all(["multilabelSoftMarginLoss"], [logits, more.map((row) => row.map((v) => Number(v > 0)))]),
  ...all(["crossEntropy", "focalLoss", "brierLoss", "asymmetricSingleLabelLoss", "entmaxLoss"], [logits, classes]),
  ...all(
    ["bootstrappedCrossEntropy", "sparsemaxLoss", "generalizedCrossEntropy", "multiMarginLoss"],
    [logits, classes],
  ),
  ...all(["labelRelaxationLoss", "multiclassHingeLoss", "multiclassPerceptronLoss"], [logits, classes]),
  ...all(["categoricalHingeLoss", "reverseCrossEntropy", "symmetricCrossEntropy"], [logits, classes]),
  ...all(["normalizedCrossEntropy", "normalizedFocalLoss", "activePassiveLoss", "poly1Loss"], [logits, classes]),
  ...all(["poly1FocalLoss", "taylorCrossEntropy", "taylorSoftmaxCrossEntropy"], [logits, classes]),
  ...all(["crossEntropyWithZLoss", "biTemperedLogisticLoss", "ohemCrossEntropy"], [logits, classes]),
  { loss: "generalizedCrossEntropy", args: [logits, classes], options: { truncation: 0.5 } },
  { loss: "ohemCrossEntropy", args: [logits, classes], options: { threshold: 0, minKept: 3 } },
  ...["classBalancedLoss", "balancedSoftmaxLoss", "ldamLoss"].map(
    (loss): Row => ({ loss: loss as keyof typeof losses, args: [logits, classes], options: { counts } }),
  ),
  { loss: "crossEntropy", args: [logits, classes], options: { weight: [1, 2, 0.5], labelSmoothing: 0.25 } },
  ...all(["zLoss", "generatorLoss"], [logits]),
  ...all(["klDiv", "generalizedKlDivergence"], [logits, more.map((row) => row.map(Math.abs))]),
  { loss: "klDiv", args: [logits, more.map((row) => row.map(Math.abs))], options: { dim: 1 } },
  { loss: "klDiv", args: [logits, more.map((row) => row.map(Math.abs))], options: { reduction: "batchmean" } },
  ...all(["klDivLogits", "jensenShannonLoss", "reverseKlDivergence", "generalizedJsDivergence"], [logits, more]),
  ...all(["totalVariationDistance"], [logits, more]),
  ...all(["distillationLoss"], [logits, more, classes]),
  ...all(["linearCrossEntropy"], [logits, more, classes]),
];

const byName: Readonly<Record<string, unknown>> = { ...losses };

type LossCall = { (...args: unknown[]): Tensor; parts(...args: unknown[]): losses.LossParts };

function make(value: unknown, dtype: "float16" | "float32" | "float64"): unknown {
  if (Array.isArray(value)) return tensor(value, { dtype: "float32" }).to(dtype);
  const { index, plain } = value as { index?: number[]; plain?: number[] };
  return index === undefined ? plain : tensor(index, { dtype: "int64" });
}

function prepared({ loss, args, options = {} }: Row, dtype: "float16" | "float32" | "float64") {
  const given = args.map((value) => make(value, dtype) as Tensor);
  const settings = Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key, typeof value === "object" ? make(value, dtype) : value]),
  );
  return { call: byName[loss] as LossCall, given, settings };
}

function title({ loss, options }: Row): string {
  return `${loss} ${options === undefined ? "" : Object.keys(options).join(" ")}`;
}

describe.each(ROWS.map((row) => [title(row), row] as const))("%s", (_, row) => {
  test("takes float16 and gives it, rounded once", () => {
    const { call, given, settings } = prepared(row, "float16");
    for (const x of given) if (isFloatingPoint(x.dtype)) x.requiresGrad = true;
    const loss = call(...given, settings);
    expect(loss.dtype).toBe("float16");
    const exact = call(...given.map((x) => (isFloatingPoint(x.dtype) ? x.detach().to("float64") : x)), settings);
    expect(loss.to("float32").item()).toBe(exact.to("float16").to("float32").item());
    const leaves = given.filter((x) => x.requiresGrad);
    for (const g of grad([loss], leaves, { allowUnused: true })) expect(g?.dtype ?? "float16").toBe("float16");
  });

  test("shows NaN", () => {
    const { call, given, settings } = prepared(row, "float32");
    given.forEach((x, i) => {
      if (!isFloatingPoint(x.dtype) || i === row.signs) return;
      const values = x.flatten().toArray() as number[];
      const spoilt = tensor(
        values.map((v, at) => (at === 0 ? Number.NaN : v)),
        { dtype: "float32" },
      ).reshape(x.shape);
      const args = given.map((other, k) => (k === i ? spoilt : other));
      expect(call(...args, settings).item(), `argument ${i}`).toBe(Number.NaN);
    });
  });

  test("is its parts' quotient", () => {
    const { call, given, settings } = prepared(row, "float64");
    const { sum, divisor } = call.parts(...given, settings);
    const mean = call(...given, settings).item() as number;
    const quotient = (sum.item() as number) / Number(typeof divisor === "number" ? divisor : divisor.item());
    expect(Math.abs(quotient - mean)).toBeLessThanOrEqual(1e-15 + 4e-16 * Math.abs(mean));
  });
});
