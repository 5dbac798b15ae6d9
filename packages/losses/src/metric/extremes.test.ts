import { grad, tensor } from "@tenon/numerics";
import { describe, expect, test } from "vitest";
import { histogramLoss, proxyAnchorLoss, rankedListLoss, snrMeasure, tripletLoss } from "../index.ts";

const labels = [0, 0, 1, 1];
const broken = [
  [Number.NaN, 1],
  [1, 0],
  [0, 1],
  [1, 2],
];

describe("a NaN among the embeddings shows in the loss", () => {
  test.each(["all", "hard", "semihard", "easy", "batchHard"] as const)("tripletLoss, %s", (mining) => {
    expect(tripletLoss(broken, labels, { mining }).item()).toBeNaN();
  });
  test("rankedListLoss", () => {
    expect(rankedListLoss(broken, labels).item()).toBeNaN();
  });
  test("histogramLoss", () => {
    expect(histogramLoss(broken, labels).item()).toBeNaN();
  });
});

test("the noise to signal ratio of vectors of equal elements is 0 among themselves, whatever their length", () => {
  for (let size = 2; size < 40; size++) {
    const anchor = tensor([Array<number>(size).fill(0.1)], { dtype: "float64" });
    const others = [Array<number>(size).fill(0.3), Array.from({ length: size }, (_, i) => i)];
    const ratios = snrMeasure()
      .matrix(anchor, tensor(others, { dtype: "float64" }))
      .toArray();
    expect(ratios).toEqual([[0, Number.POSITIVE_INFINITY]]);
  }
});

test("proxyAnchorLoss leaves out what is ignored, whatever it is", () => {
  const proxies = [
    [1, 0],
    [0, 1],
  ];
  const x = tensor(
    [
      [1, 0.5],
      [Number.NaN, Number.POSITIVE_INFINITY],
      [-1, 2],
    ],
    { requiresGrad: true },
  );
  const rest = tensor(
    [
      [1, 0.5],
      [-1, 2],
    ],
    { requiresGrad: true },
  );
  const loss = proxyAnchorLoss(x, [0, -100, 1], proxies);
  const alone = proxyAnchorLoss(rest, [0, 1], proxies);
  expect(loss.item()).toBe(alone.item());
  const [all] = grad(loss, [x]);
  const [own] = grad(alone, [rest]);
  const [first, second] = own!.toArray() as number[][];
  expect(all!.toArray()).toEqual([first, [0, 0], second]);
  expect(() => proxyAnchorLoss(rest, [0, -1], proxies)).toThrow(/proxyAnchorLoss: a target is not a class.*-1/);
});
