import { ArgumentError, pairwiseDistance, type Tensor } from "@tenon/numerics";
import { describe, expect, test } from "vitest";
import {
  binaryCrossEntropyWithLogits,
  cosineEmbeddingLoss,
  hingeEmbeddingLoss,
  marginRankingLoss,
  multilabelSoftMarginLoss,
  multiMarginLoss,
  softMarginLoss,
  tripletMarginLoss,
} from "../index.ts";
import { close, f64, slopes } from "../testing/slopes.ts";

// What PyTorch does wrong, or does so that most are surprised, and what is right: each entry a test, named by what should hold. Numbers as in the list of known
// defects; W-18 to W-20 and W-37 to W-40 are beside their losses.

const INF = Number.POSITIVE_INFINITY;
const EACH = { reduction: "none" } as const;

describe("distances", () => {
  test("W-21: cosines of vectors of any size, and gradient 0 for zeros", () => {
    const alike = (a: readonly number[], b: readonly number[]) => cosineEmbeddingLoss([a], [b], [1]).item();
    expect(alike([1e-7, 2e-7], [1e-7, 2e-7])).toBe(0);
    expect(alike([1e20, 2e20], [1e20, 2e20])).toBe(0);
    expect(alike([3e-20, 4e-20], [4e20, 3e20])).toBe(Math.fround(0.04));
    expect(alike([0, 0], [1, 2])).toBe(1);
    close(
      slopes((a, b) => cosineEmbeddingLoss(a, b, [1]), f64([[0, 0]]), f64([[1, 2]])),
      [[[0, 0]], [[0, 0]]],
    );
    const small = slopes((a, b) => cosineEmbeddingLoss(a, b, [1]), f64([[3e-9, 4e-9]]), f64([[4, 3]]));
    close(small[0], [[(-0.8 + 0.96 * 0.6) / 5e-9, (-0.6 + 0.96 * 0.8) / 5e-9]], 1e-10);
  });

  test("W-22: without eps a distance is symmetric, 0 between equal points, with gradient 0 there", () => {
    const [a, b] = [f64([[0, 0]]), f64([[0, 1e-6]])];
    close(pairwiseDistance(a, b, { eps: 0 }).toArray(), [1e-6]);
    close(pairwiseDistance(b, a, { eps: 0 }).toArray(), [1e-6]);
    expect(pairwiseDistance(b, b, { eps: 0 }).toArray()).toEqual([0]);
    const still = slopes((x, y, z) => tripletMarginLoss(x, y, z, { eps: 0, margin: 2 }), a, a, b);
    close(still, [[[0, 1]], [[0, 0]], [[0, -1]]]);
    // The default is PyTorch's: it moves every difference.
    close(pairwiseDistance(b, b).toArray(), [1e-6 * Math.SQRT2]);
    close(pairwiseDistance(a, b).toArray(), [1e-6]);
    close(pairwiseDistance(b, a).toArray(), [1e-6 * Math.sqrt(5)]);
  });

  test("W-23: orders below 1 are refused, and large powers stay in range", () => {
    expect(() => tripletMarginLoss([[1]], [[2]], [[3]], { p: 0.5 })).toThrow(ArgumentError);
    const far = (p: number) => tripletMarginLoss([[1e20, 1e20]], [[0, 0]], [[1e20, 1e20]], { p, margin: 0, eps: 0 });
    close(far(20).item(), 1e20 * 2 ** (1 / 20), 1e-7);
    close(far(2).item(), 1e20 * Math.SQRT2, 1e-7);
  });

  test("W-33: other targets than 1 and -1 can be refused", () => {
    const check = { checkTarget: true };
    expect(hingeEmbeddingLoss(f64([0.3]), f64([0])).item()).toBe(1);
    expect(() => hingeEmbeddingLoss([0.3], [0], check)).toThrow(/0 at position 0.*1 or -1/);
    expect(() => cosineEmbeddingLoss([[1]], [[2]], [0], check)).toThrow(/0 at position 0.*1 or -1/);
    expect(() => marginRankingLoss([1], [2], [0], check)).toThrow(/0 at position 0.*1 or -1/);
    expect(() => softMarginLoss([1], [0], check)).toThrow(/0 at position 0.*1 or -1/);
  });
});

describe("margins", () => {
  test("W-28: the soft margin does not overflow", () => {
    const loss = (x: Tensor) => softMarginLoss(x, f64([1, -1]), EACH);
    expect(loss(f64([-1000, 1000])).toArray()).toEqual([1000, 1000]);
    expect(slopes(loss, f64([-1000, 1000]))).toEqual([[-1, 1]]);
    expect(softMarginLoss([-200], [1]).item()).toBe(200);
  });

  test("W-29: several labels have one loss a row or one a class, and limits at infinity", () => {
    const [x, t] = [f64([[1, -2, 0.5]]), f64([[1, 0, 1]])];
    const each = binaryCrossEntropyWithLogits(x, t, EACH);
    close(multilabelSoftMarginLoss(x, t, { rowMean: false, ...EACH }).toArray(), each.toArray());
    close(multilabelSoftMarginLoss(x, t, EACH).toArray(), each.mean(1).toArray());
    expect(multilabelSoftMarginLoss([[INF, -INF]], [[1, 0]]).item()).toBe(0);
  });

  test("W-32: the weight of several classes' margin multiplies after the power, the sum is over C, and its length is checked", () => {
    const [x, weight] = [f64([[0, 1, -2]]), f64([3, 1, 1])];
    close(multiMarginLoss(x, [0], { p: 2, weight }).item(), (3 * 2 ** 2) / 3);
    expect(() => multiMarginLoss(x, [0], { weight: [1, 2] })).toThrow(/there must be one weight for each class/);
  });
});
