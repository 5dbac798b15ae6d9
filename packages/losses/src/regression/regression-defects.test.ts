import { ShapeError, type Tensor } from "@tenon/numerics";
import { describe, expect, test } from "vitest";
import {
  gaussianNllLoss,
  hingeEmbeddingLoss,
  huberLoss,
  klDiv,
  l1Loss,
  marginRankingLoss,
  mseLoss,
  multilabelSoftMarginLoss,
  poissonNllLoss,
  smoothL1Loss,
  softMarginLoss,
} from "../index.ts";
import { close, f64, slopes } from "../testing/slopes.ts";

// What PyTorch does wrong, or does so that most are surprised, and what is right: each entry a test, named by what should hold. Numbers as in the list of known
// defects; W-18 to W-20 and W-37 to W-40 are beside their losses.

const INF = Number.POSITIVE_INFINITY;
const EACH = { reduction: "none" } as const;

describe("regression", () => {
  test("W-24: smooth L1 with beta 0 is L1, with slope 0 at 0", () => {
    const [x, t] = [f64([0, 1, -2]), f64([0, 0, 0])];
    expect(smoothL1Loss(x, t, { beta: 0, ...EACH }).toArray()).toEqual([0, 1, 2]);
    expect(slopes((a) => smoothL1Loss(a, t, { beta: 0, reduction: "sum" }), x)).toEqual([[0, 1, -1]]);
  });

  test("W-25: below eps the variance's gradient can be 0; logarithms need no eps; shapes must fit", () => {
    const [x, t, v] = [f64([1]), f64([0]), f64([0])];
    const [, , passed] = slopes((a, b, c) => gaussianNllLoss(a, b, c), x, t, v) as number[][];
    close(passed, [(1 - 1e6) * 5e5], 1e-9);
    const [, , stopped] = slopes((a, b, c) => gaussianNllLoss(a, b, c, { belowEps: "zero" }), x, t, v) as number[][];
    expect(stopped!.map(Math.abs)).toEqual([0]);
    const logs = (a: Tensor, b: Tensor, s: Tensor) => gaussianNllLoss(a, b, s, { logVar: true });
    close(logs(x, t, f64([-30])).item(), 0.5 * (Math.exp(30) - 30));
    close(slopes(logs, x, t, f64([-30])), [[Math.exp(30)], [-Math.exp(30)], [0.5 - 0.5 * Math.exp(30)]]);
    expect(() => gaussianNllLoss([1, 2, 3], [[1], [2], [3]], [1, 1, 1])).toThrow(ShapeError);
    expect(() => gaussianNllLoss([1, 2], [1, 2], [1, 2, 3])).toThrow(ShapeError);
  });

  test("W-26: Poisson's full loss has log t!, no events cost nothing, and a negative rate is refused or NaN", () => {
    const full = poissonNllLoss(f64([0, 0, 0]), f64([0.5, 2, 5]), { full: true, ...EACH }).toArray() as number[];
    close(
      full.map((y) => y - 1),
      [-0.12078223763524522, Math.LN2, Math.log(120)],
      1e-13,
    );
    const stirling = poissonNllLoss(f64([0, 0]), f64([0.5, 2]), { full: "stirling", ...EACH }).toArray() as number[];
    close(
      stirling.map((y) => y - 1),
      [0, 2 * Math.LN2 - 2 + 0.5 * Math.log(4 * Math.PI)],
      1e-12,
    );
    expect(poissonNllLoss([-INF], [0]).item()).toBe(0);
    for (const full of [true, "stirling"] as const) {
      const found = slopes((x, t) => poissonNllLoss(x, t, { full }), f64([0]), f64([0])).flat() as number[];
      expect(found.every(Number.isFinite)).toBe(true);
    }
    expect(poissonNllLoss([-1], [1], { logInput: false }).item()).toBe(Number.NaN);
    expect(() => poissonNllLoss([-1], [1], { logInput: false, checkTarget: true })).toThrow(
      /a rate cannot be negative/,
    );
  });

  test("W-30: shapes that would stretch each other are refused unless that is meant", () => {
    const [column, row] = [f64([[1], [2]]), f64([1, 2])];
    const losses = {
      mseLoss,
      l1Loss,
      huberLoss,
      smoothL1Loss,
      softMarginLoss,
      klDiv,
      poissonNllLoss,
      hingeEmbeddingLoss,
    };
    for (const [name, loss] of Object.entries(losses)) {
      expect(() => loss(column, row), name).toThrow(ShapeError);
      expect(loss(column, row, { broadcast: true, ...EACH }).shape, name).toEqual([2, 2]);
    }
    expect(() => multilabelSoftMarginLoss(column, row)).toThrow(ShapeError);
    expect(() => marginRankingLoss(column, row, row)).toThrow(ShapeError);
    expect(() => gaussianNllLoss(column, row, column)).toThrow(ShapeError);
  });

  test("W-31: what a weighted mean divides by can be said, the same way for all", () => {
    const [x, t, weight] = [f64([1, 2]), f64([0, 0]), f64([1, 3])];
    for (const loss of [mseLoss, l1Loss, huberLoss, smoothL1Loss]) {
      const sum = loss(x, t, { weight, reduction: "sum" }).item() as number;
      close(loss(x, t, { weight, normalize: "weights" }).item(), sum / 4);
      close(loss(x, t, { weight, normalize: "count" }).item(), sum / 2);
    }
    // The defaults are PyTorch's.
    close(mseLoss(x, t, { weight }).item(), 13 / 4);
    close(huberLoss(x, t, { weight }).item(), 5 / 2);
  });
});
