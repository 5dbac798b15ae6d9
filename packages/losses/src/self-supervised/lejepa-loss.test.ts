import { memory, randn, resetPeakMemory, zeros } from "@tenon/numerics";
import { expect, test } from "vitest";
import { sigRegLoss } from "../index.ts";

test("the statistic of projections takes no memory for its frequencies", () => {
  const [n, dim, slices] = [256, 8, 128];
  const x = randn([n, dim]);
  const directions = randn([slices, dim]);
  x.requiresGrad = true;
  resetPeakMemory();
  const before = memory().live;
  sigRegLoss(x, directions, { points: 65 }).backward();
  // The projections, their gradient, and the rest.
  expect(memory().peak - before).toBeLessThan(3 * 8 * n * slices);
});

test("no embeddings have no distribution", () => {
  expect(sigRegLoss(zeros([0, 2]), [[1, 0]]).item()).toBeNaN();
});
