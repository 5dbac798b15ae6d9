import { type Tensor, tensor, zeros } from "@tenon/numerics";
import { expect, test } from "vitest";
import { clDiceLoss } from "./cl-dice-loss.ts";
import { diceCrossEntropyLoss, diceFocalLoss, generalizedDiceFocalLoss } from "./combined-losses.ts";
import { diceLoss } from "./dice-loss.ts";
import { exponentialLogarithmicLoss } from "./exponential-logarithmic-loss.ts";
import { generalizedDiceLoss } from "./generalized-dice-loss.ts";
import { hausdorffDistanceLoss, hausdorffErosionLoss } from "./hausdorff-losses.ts";
import { jaccardLoss } from "./jaccard-loss.ts";
import { lovaszHingeLoss, lovaszSoftmaxLoss } from "./lovasz-losses.ts";
import { matthewsCorrelationLoss } from "./matthews-correlation-loss.ts";
import { naclLoss } from "./nacl-loss.ts";
import { softBinaryCrossEntropyWithLogits } from "./soft-binary-cross-entropy.ts";
import { softSkeleton } from "./soft-skeleton.ts";
import { focalTverskyLoss, tverskyLoss } from "./tversky-loss.ts";
import { unifiedFocalLoss } from "./unified-focal-loss.ts";

type SegmentationLoss = (input: Tensor, target: Tensor, options?: object) => Tensor;

// Each takes options of its own; here they are all called alike.
const LOSSES = {
  clDiceLoss,
  diceCrossEntropyLoss,
  diceFocalLoss,
  diceLoss,
  exponentialLogarithmicLoss,
  focalTverskyLoss,
  generalizedDiceFocalLoss,
  generalizedDiceLoss,
  hausdorffDistanceLoss,
  hausdorffErosionLoss,
  jaccardLoss,
  lovaszHingeLoss,
  lovaszSoftmaxLoss,
  matthewsCorrelationLoss,
  naclLoss,
  tverskyLoss,
  unifiedFocalLoss,
} as unknown as Record<string, SegmentationLoss>;

const classes = tensor([[[0, 1, 1, 0]]], { dtype: "int64" });
const one = (first: number, dtype: "float32" | "float16" = "float32") => tensor([[[[first, 2, -1, 0.5]]]], { dtype });
const two = (first: number) => tensor([[[[first, 2, -1, 0.5]], [[0.25, 1, 1, 0]]]]);

for (const [name, loss] of Object.entries(LOSSES)) {
  test(`${name}: a logit that is NaN shows in the loss, whatever class the pixel has`, () => {
    for (const target of [classes, tensor([[[1, 1, 0, 0]]], { dtype: "int64" })]) {
      for (const input of [one(Number.NaN), two(Number.NaN)]) {
        for (const options of [{}, { batch: true }, { alpha: 1, beta: 1 }]) {
          expect(loss(input, target, options).item()).toBeNaN();
        }
      }
    }
  });

  test(`${name}: float16 is computed in float64 and comes back`, () => {
    const loss16 = loss(one(1.5, "float16"), classes);
    expect(loss16.dtype).toBe("float16");
    expect(loss16.item()).toBe(loss(one(1.5), classes).to("float16").item());
  });

  test(`${name}: images without pixels have no NaN in them`, () => {
    const nothing = zeros([2, 0, 3], { dtype: "int64" });
    expect(loss(zeros([2, 2, 0, 3]), nothing, { reduction: "sum" }).item()).toBe(
      name === "matthewsCorrelationLoss" ? 2 : 0,
    );
  });
}

test("the logarithm of a score that is NaN is NaN", () => {
  for (const loss of [diceLoss, jaccardLoss, tverskyLoss, generalizedDiceLoss]) {
    expect(loss(two(Number.NaN), classes, { log: true, includeBackground: false }).item()).toBeNaN();
    expect(loss(one(Number.NaN), classes, { log: true, smoothNumerator: 0 }).item()).toBeNaN();
  }
});

test("an infinite logit of a single channel has a loss", () => {
  const target = tensor([[[1, 1, 0, 0]]], { dtype: "int64" });
  const limit = unifiedFocalLoss(one(1000), target).item();
  expect(unifiedFocalLoss(one(Number.POSITIVE_INFINITY), target).item()).toBe(limit);
  expect(unifiedFocalLoss(one(Number.NEGATIVE_INFINITY), target).item()).toBe(Number.POSITIVE_INFINITY);
  const undecided = tensor([[[[0.5, 1, 0, 0]]]]);
  expect(diceFocalLoss(one(Number.POSITIVE_INFINITY), undecided).item()).toBe(Number.POSITIVE_INFINITY);
});

test("a mask of bools has a skeleton", () => {
  const mask = tensor(
    [
      [
        [
          [0, 0, 0],
          [1, 1, 1],
          [0, 0, 0],
        ],
      ],
    ],
    { dtype: "bool" },
  );
  expect(softSkeleton(mask).toArray()).toEqual(mask.to("float32").toArray());
});

test("a weight of an ignored element is not looked at", () => {
  const loss = softBinaryCrossEntropyWithLogits([1, 2], [1, -100], { weight: [1, Number.NaN], reduction: "sum" });
  expect(loss.item()).toBe(softBinaryCrossEntropyWithLogits([1], [1], { reduction: "sum" }).item());
});
