import { log, randn, softmax, type Tensor } from "@tenon/numerics";
import { describe, expect, test } from "vitest";
import { klDiv, klDivLogits } from "../index.ts";
import { close, f64, slopes } from "../testing/slopes.ts";

// What PyTorch does wrong, or does so that most are surprised, and what is right: each entry a test, named by what should hold. Numbers as in the list of known
// defects; W-18 to W-20 and W-37 to W-40 are beside their losses.

const INF = Number.POSITIVE_INFINITY;
const EACH = { reduction: "none" } as const;

describe("Kullback-Leibler divergence", () => {
  const p = f64([
    [0.25, 0.75],
    [0.5, 0.5],
  ]);
  const q = f64([
    [0.5, 0.5],
    [0.125, 0.875],
  ]);
  const each = [0.25 * Math.log(0.5) + 0.75 * Math.log(1.5), 0.5 * Math.log(4) + 0.5 * Math.log(4 / 7)];

  test("W-14: along the classes it is the divergence, and its mean is over rows", () => {
    close(klDiv(log(q), p, { dim: 1, ...EACH }).toArray(), each);
    close(klDiv(log(q), p, { dim: 1 }).item(), (each[0]! + each[1]!) / 2);
    close(klDiv(log(q), p).item(), (each[0]! + each[1]!) / 4);
    close(klDiv(log(q), p, { reduction: "batchmean" }).item(), (each[0]! + each[1]!) / 2);
  });

  test("W-15: what is impossible costs nothing, in probabilities and in logarithms", () => {
    expect(klDiv(f64([-INF, -1]), f64([0, 0]), EACH).toArray()).toEqual([0, 0]);
    const logs = (x: Tensor, t: Tensor) => klDiv(x, t, { logTarget: true, ...EACH });
    expect(logs(f64([-INF, -1]), f64([-INF, -INF])).toArray()).toEqual([0, 0]);
    close(slopes(logs, f64([-1]), f64([-INF])), [[-0], [0]]);
  });

  test("W-16: the slope towards a target of 0 is its one-sided limit; that of logits is finite", () => {
    const [, toTarget] = slopes((x, t) => klDiv(x, t, EACH), f64([-1, -1]), f64([0, 1])) as [number[], number[]];
    expect(toTarget[0]).toBe(-INF);
    for (const t of [[[0, -1000]], [[0, 1000]], [[0, -INF]]]) {
      const found = slopes((x, y) => klDivLogits(x, y), f64([[1, 2]]), f64(t)).flat(2) as number[];
      expect(found.every(Number.isFinite)).toBe(true);
    }
  });

  test("W-17: of logits it is never negative, 0 for equal ones, and exact for close ones", () => {
    const z = randn([50, 7], { dtype: "float64" });
    expect(klDivLogits(z, z.clone(), EACH).toArray()).toEqual(new Array(50).fill(0));
    const near = z.add(randn([50, 7], { dtype: "float64" }).mul(1e-9));
    const tiny = klDivLogits(z, near, EACH).toArray() as number[];
    expect(Math.min(...tiny)).toBeGreaterThan(0);
    // The variance of the difference under the target, halved, is its first term.
    const share = softmax(near, 1);
    const d = z.sub(near);
    const mean = share.mul(d).sum(1, { keepdim: true });
    close(tiny, share.mul(d.sub(mean).square()).sum(1).mul(0.5).toArray(), 1e-6);
  });
});
