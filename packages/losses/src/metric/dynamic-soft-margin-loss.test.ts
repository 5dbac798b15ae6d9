import { ArgumentError } from "@tenon/numerics";
import { describe, expect, test } from "vitest";
import { DynamicSoftMarginLoss, dynamicSoftMarginLoss } from "./dynamic-soft-margin-loss.ts";

const X = [
  [1, 0],
  [3, 4],
  [0, 1],
  [-1, 2],
];
const Y = [0, 0, 1, 1];

describe("DynamicSoftMarginLoss", () => {
  test("begins with the first batch's histogram and moves on by its momentum", () => {
    const module = new DynamicSoftMarginLoss({ momentum: 0.25, bins: 4 });
    expect(module.histogram).toBeNull();
    expect(module(X, Y).item()).toBe(dynamicSoftMarginLoss(X, Y, { bins: 4 }).item());
    const first = module.histogram as number[];
    expect(first.reduce((a, b) => a + b)).toBeCloseTo(1, 14);
    // Embeddings that are right: all differences are -sqrt(2), between the nodes -2 and -1.
    const right = [
      [1, 0],
      [2, 0],
      [0, 1],
      [0, 3],
    ];
    const loss = module(right, Y).item() as number;
    const share = 2 - Math.SQRT2;
    const second = module.histogram as number[];
    expect(second[0]).toBeCloseTo(0.75 * first[0]! + 0.25 * (1 - share), 14);
    expect(second[1]).toBeCloseTo(0.75 * first[1]! + 0.25 * share, 14);
    expect(loss).toBeCloseTo(-Math.SQRT2 * second[0]!, 6);
  });

  test("learns nothing from a batch without triplets", () => {
    const module = new DynamicSoftMarginLoss();
    expect(module(X, [0, 1, 2, 3]).item()).toBe(0);
    expect(module.histogram).toBeNull();
  });

  test("refuses a momentum that is no share", () => {
    expect(() => new DynamicSoftMarginLoss({ momentum: -1 })).toThrow(ArgumentError);
  });
});
