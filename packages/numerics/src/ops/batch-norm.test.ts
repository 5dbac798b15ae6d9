import { expect, test } from "vitest";
import { ones, tensor, zeros } from "../create.ts";
import { batchNorm } from "./batch-norm.ts";
import { instanceNorm } from "./instance-norm.ts";

const x = [
  [
    [1, 2],
    [3, 4],
  ],
  [
    [5, 6],
    [7, 12],
  ],
];

test("training moves the running statistics, the variance unbiased", () => {
  const [mean, variance] = [zeros([2], { dtype: "float64" }), ones([2], { dtype: "float64" })];
  batchNorm(tensor(x, { dtype: "float64" }), mean, variance, { training: true, momentum: 0.5 });
  // Channel 0 holds 1, 2, 5, 6: mean 3.5, squares around it 17, unbiased 17 / 3.
  expect(mean.toArray()).toEqual([1.75, 3.25]);
  const [first, second] = variance.toArray() as [number, number];
  expect(first).toBeCloseTo(0.5 + 17 / 6, 14);
  expect(second).toBeCloseTo(0.5 + 49 / 6, 14);
});

test("evaluation leaves the running statistics alone and uses them", () => {
  const [mean, variance] = [tensor([1, 2]), tensor([4, 9])];
  const y = batchNorm(tensor(x), mean, variance, { eps: 0 });
  expect(y.select(1, 0).toArray()).toEqual([
    [0, 0.5],
    [2, 2.5],
  ]);
  expect(mean.toArray()).toEqual([1, 2]);
});

test("instance norm moves the running statistics by the samples' mean", () => {
  const [mean, variance] = [zeros([2]), ones([2])];
  instanceNorm(tensor(x), mean, variance, { momentum: 0.5 });
  expect(mean.toArray()).toEqual([1.75, 3.25]);
  expect(variance.toArray()).toEqual([0.75, 3.75]);
});
