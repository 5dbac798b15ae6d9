import { memory, randn, resetPeakMemory } from "@tenon/numerics";
import { expect, test } from "vitest";
import { rnntLoss } from "../index.ts";

test("the only memory of the logits' size is the gradient", () => {
  const [batch, frames, labels, classes] = [2, 40, 9, 500];
  const x = randn([batch, frames, labels + 1, classes]);
  x.requiresGrad = true;
  const targets = Array.from({ length: batch }, (_, b) => Array.from({ length: labels }, (_, u) => 7 * u + b));
  resetPeakMemory();
  const before = memory().live;
  rnntLoss(x, targets, [frames, frames], [labels, labels]).backward();
  const bytes = 4 * x.size;
  expect(memory().peak - before).toBeGreaterThanOrEqual(bytes);
  expect(memory().peak - before).toBeLessThan(1.1 * bytes);
});
