import { type Tensor, tensor, zeros } from "@tenon/numerics";
import { expect, test } from "vitest";
import {
  asymmetricSingleLabelLoss,
  biTemperedBinaryLogisticLoss,
  biTemperedLogisticLoss,
  classBalancedLoss,
  gaussianNllLoss,
  generalizedKlDivergence,
  gradientPenalty,
  jensenShannonLoss,
  ohemCrossEntropy,
  shardedCrossEntropy,
  tweedieLoss,
} from "./index.ts";
import { close, f64, slopes } from "./testing/slopes.ts";

// Values and gradients where a product of 0 and infinity lies on the way.

const INF = Number.POSITIVE_INFINITY;
const EACH = { reduction: "none" } as const;

test("no amount costs what its mean costs, however small that is", () => {
  for (const power of [1, 1.3, 2]) {
    const at = (logMean: number) => tweedieLoss(f64([logMean]), f64([0]), { power }).item();
    expect(at(-1e4)).toBe(power === 2 ? -1e4 : 0);
    const [slope] = slopes((x) => tweedieLoss(x, f64([0]), { power, deviance: true }), f64([-1e4])) as number[][];
    expect(slope, `power ${power}`).toEqual([power === 2 ? slope![0] : 0]);
  }
});

test("a target that is met has no error for an infinite precision to multiply", () => {
  const options = { logVar: true } as const;
  expect(gaussianNllLoss([2], [2], [-1e4], options).item()).toBe(-5000);
  close(
    slopes((x, s) => gaussianNllLoss(x, f64([2]), s, options), f64([2]), f64([-1e4])),
    [[0], [0.5]],
  );
  expect(gaussianNllLoss([3], [2], [-INF], options).item()).toBe(INF);
});

test("an infinite logit alone is that of two classes", () => {
  for (const logit of [INF, -INF]) {
    for (const label of [0, 1]) {
      const two = biTemperedLogisticLoss([[0, logit]], [label]).item();
      expect(biTemperedBinaryLogisticLoss([logit], [label]).item()).toBe(two);
    }
  }
});

test("a distribution without a share is never infinity times 0", () => {
  const [x, y] = [f64([[0, 1000]]), f64([[0, -1000]])];
  const loss = (a: Tensor, b: Tensor) => jensenShannonLoss(a, b, { weights: [1, 0] });
  expect(loss(x, y).item()).toBe(0);
  close(
    slopes((a, b) => loss(a!, b!), x, y),
    [[[0, 0]], [[0, 0]]],
  );
});

test("without focus, smoothing over an impossible class costs infinity", () => {
  const logits = f64([[0, 1, -INF]]);
  expect(asymmetricSingleLabelLoss(logits, [0], { gammaNeg: 0 }).item()).toBe(INF);
  expect(asymmetricSingleLabelLoss(logits, [0], { gammaNeg: 1 }).item()).toBeLessThan(INF);
});

test("an infinitely wrong class against all others has slope 1", () => {
  const options = { counts: [1, 1], loss: "focal" } as const;
  close(
    slopes((x) => classBalancedLoss(x, [0], options), f64([[INF, INF]])),
    [[[0, 1]]],
  );
});

test("measures that nearly agree keep the digits of their divergence", () => {
  for (const r of [1e-5, 1e-8, 1e-12]) {
    close(generalizedKlDivergence(f64([r]), f64([1])).item(), r ** 2 / 2 + r ** 3 / 6 + r ** 4 / 24);
    close(
      slopes((x) => generalizedKlDivergence(x, f64([1])), f64([r])),
      [[Math.expm1(r)]],
    );
  }
});

test("a shard without classes changes nothing", () => {
  const [a, b] = [tensor([[1, 2]]), tensor([[3]])];
  const split = shardedCrossEntropy([a, zeros([1, 0]), b], [2]).item();
  expect(split).toBe(shardedCrossEntropy([a, b], [2]).item());
});

test("labels of any integers can be left out as easy", () => {
  const logits = [
    [4, 0],
    [0, 1],
  ];
  const labels = tensor([0, 0], { dtype: "uint8" });
  expect(ohemCrossEntropy(logits, labels, EACH).toArray()).toEqual(ohemCrossEntropy(logits, [0, 0], EACH).toArray());
});

test("no samples have no penalty", () => {
  const inputs = zeros([0, 3]);
  inputs.requiresGrad = true;
  expect(gradientPenalty(inputs.square().sum(1), inputs, { reduction: "sum" }).item()).toBe(0);
});
