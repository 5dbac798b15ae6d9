import {
  ArgumentError,
  grad,
  log,
  oneHot,
  pairwiseDistance,
  randn,
  ShapeError,
  sigmoid,
  softmax,
  type Tensor,
  type TensorArg,
  tensor,
  zeros,
} from "@tenon/numerics";
import { describe, expect, test } from "vitest";
import {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  cosineEmbeddingLoss,
  crossEntropy,
  gaussianNllLoss,
  hingeEmbeddingLoss,
  huberLoss,
  klDiv,
  klDivLogits,
  l1Loss,
  marginRankingLoss,
  meanOfParts,
  mseLoss,
  multilabelSoftMarginLoss,
  multiMarginLoss,
  nllLoss,
  poissonNllLoss,
  smoothL1Loss,
  softMarginLoss,
  tripletMarginLoss,
} from "./index.ts";

// What PyTorch does wrong, or does so that most are surprised, and what is right: each entry a test, named by what should hold. Numbers
// as in the list of known defects; W-18 to W-20 (CTC) and W-37 to W-40 are beside their losses.

const INF = Number.POSITIVE_INFINITY;
const EACH = { reduction: "none" } as const;

function f64(values: number | readonly unknown[]): Tensor {
  return tensor(values as number[], { dtype: "float64" });
}

/** Gradients of the sum of a loss. */
function slopes(loss: (...inputs: Tensor[]) => Tensor, ...inputs: Tensor[]): unknown[] {
  const leaves = inputs.map((x) => x.detach());
  for (const x of leaves) x.requiresGrad = true;
  return grad([loss(...leaves).sum()], leaves).map((g) => g?.toArray());
}

function close(got: unknown, want: unknown, relative = 1e-12): void {
  const [a, b] = [[got].flat(9) as number[], [want].flat(9) as number[]];
  expect(a.length).toBe(b.length);
  a.forEach((x, i) => {
    const y = b[i]!;
    if (Object.is(x, y) || x === y) return;
    expect(Math.abs(x - y), `${x} against ${y}`).toBeLessThanOrEqual(relative * Math.abs(y));
  });
}

describe("binary cross entropy", () => {
  test("W-1: the exact loss of a probability has value and gradient without floors, also behind a sigmoid", () => {
    const exact = (p: Tensor) => binaryCrossEntropy(p, f64([1, 1]), { clampLog: false, ...EACH });
    close(exact(f64([1e-20, 1e-60])).toArray(), [20 * Math.LN10, 60 * Math.LN10]);
    close(slopes(exact, f64([1e-20, 1e-60])), [[-1e20, -1e60]]);
    const behindSigmoid = (z: Tensor) => binaryCrossEntropy(sigmoid(z), f64([1]), { clampLog: false });
    close(slopes(behindSigmoid, f64([-100])), [[-1]]);
    close(binaryCrossEntropyWithLogits(f64([17]), f64([0])).item(), 17.000000041399375);
    close(
      slopes((z) => binaryCrossEntropyWithLogits(z, f64([0])), f64([17])),
      [[0.9999999586006244]],
    );
    // The default is PyTorch's.
    expect(binaryCrossEntropy([0], [1]).item()).toBe(100);
  });

  test("W-2: infinite logits cost their limits", () => {
    const [z, t] = [f64([INF, -INF, INF, -INF]), f64([1, 0, 0, 1])];
    expect(binaryCrossEntropyWithLogits(z, t, EACH).toArray()).toEqual([0, 0, INF, INF]);
    close(
      slopes((x) => binaryCrossEntropyWithLogits(x, t, EACH), z),
      [[0, 0, 1, -1]],
    );
  });

  test("W-3: a right and confident answer keeps its loss on either side", () => {
    const tiny = Math.log1p(Math.exp(-20));
    expect(binaryCrossEntropyWithLogits([-20, 20], [0, 1], EACH).toArray()).toEqual([
      Math.fround(tiny),
      Math.fround(tiny),
    ]);
    close(binaryCrossEntropyWithLogits(f64([-20, 20]), f64([0, 1]), EACH).toArray(), [tiny, tiny]);
  });

  test("W-27: targets outside [0, 1] can be refused", () => {
    expect(binaryCrossEntropyWithLogits([3], [1.5]).item()).toBeLessThan(0);
    expect(() => binaryCrossEntropyWithLogits([3], [1.5], { checkTarget: true })).toThrow(ArgumentError);
    expect(() => binaryCrossEntropy([0.5], [-0.5], { checkTarget: true })).toThrow(/-0.5 at position 0.*from 0 to 1/);
  });
});

describe("cross entropy", () => {
  test("W-4: a right and confident row keeps its loss", () => {
    expect(crossEntropy([[20, 0]], [0]).item()).toBe(Math.fround(2.0611536181902037e-9));
    close(crossEntropy(f64([[50, 0]]), [0]).item(), 1.9287498479639178e-22);
  });

  test("W-5: smoothing over an infinitely unlikely class is infinite and never NaN; a mask leaves the class out", () => {
    const logits = f64([[1, 2, -INF]]);
    expect(crossEntropy(logits, [1], { labelSmoothing: 0.25 }).item()).toBe(INF);
    const [a, b] = [Math.log1p(Math.exp(1)), Math.log1p(Math.exp(-1))];
    const unweighted = { labelSmoothing: 0.25, weight: f64([1, 1, 0]), reduction: "sum" } as const;
    close(crossEntropy(logits, [1], unweighted).item(), a / 12 + b * (0.75 + 1 / 12));
    const masked = { labelSmoothing: 0.25, classMask: tensor([true, true, false]) };
    close(crossEntropy(logits, [1], masked).item(), a * 0.125 + b * 0.875);
    const [g] = slopes((x) => crossEntropy(x, [1], masked), logits) as [number[][]];
    expect(g[0]![2]).toBe(0);
    expect(g.flat().every(Number.isFinite)).toBe(true);
  });

  test("W-6: no probability of an infinitely unlikely class costs nothing, with gradient 0", () => {
    const target = f64([[0.25, 0.75, 0]]);
    const logits = f64([[1, 2, -INF]]);
    const two = crossEntropy(f64([[1, 2]]), f64([[0.25, 0.75]])).item();
    close(crossEntropy(logits, target).item(), two);
    const [g] = slopes((x) => crossEntropy(x, target), logits) as [number[][]];
    const p = 1 / (1 + Math.E);
    close(g, [[p - 0.25, 0.25 - p, 0]], 1e-11);
  });

  test("W-7: the mean of nothing is NaN, 0 or an error, as asked, and has gradient 0", () => {
    const ignored = [-100, -100];
    const logits = f64([
      [1, 2],
      [3, 4],
    ]);
    expect(crossEntropy(logits, ignored).item()).toBe(Number.NaN);
    expect(crossEntropy(logits, ignored, { onEmpty: "zero" }).item()).toBe(0);
    expect(() => crossEntropy(logits, ignored, { onEmpty: "throw" })).toThrow(/the mean of no losses is not defined/);
    for (const onEmpty of ["nan", "zero"] as const) {
      const [g] = slopes((x) => crossEntropy(x, ignored, { onEmpty }), logits) as [number[][]];
      expect(g.flat().map(Math.abs)).toEqual([0, 0, 0, 0]);
    }
    expect(nllLoss(logits, ignored, { onEmpty: "zero" }).item()).toBe(0);
    const nothing = zeros([0]);
    expect(mseLoss(nothing, nothing).item()).toBe(Number.NaN);
    expect(mseLoss(nothing, nothing, { onEmpty: "zero" }).item()).toBe(0);
  });

  test("W-8: class weights by sample leave the smoothed optimum where it is", () => {
    const smoothed = [0.025, 0.925, 0.025, 0.025];
    const logits = log(f64([smoothed]));
    const options = { labelSmoothing: 0.1, weight: f64([8, 1, 0.5, 2]), reduction: "sum" } as const;
    const at = (smoothingWeights: "class" | "sample") =>
      (slopes((x) => crossEntropy(x, [1], { ...options, smoothingWeights }), logits)[0] as number[][]).flat();
    for (const g of at("sample")) expect(Math.abs(g)).toBeLessThan(1e-14);
    expect(Math.abs(at("class")[0]!)).toBeGreaterThan(0.1);
  });

  test("W-9: with one divisor, indices and one-hot probabilities have one mean", () => {
    const [logits, weight] = [
      f64([
        [1, 2, 3],
        [3, 1, 0],
        [0, 0, 2],
      ]),
      f64([1, 4, 0.5]),
    ];
    const indices = tensor([1, 0, 2], { dtype: "int64" });
    const probabilities = oneHot(indices, { numClasses: 3 }).to("float64");
    const mean = (t: TensorArg, normalize?: "weights" | "count") =>
      crossEntropy(logits, t, { weight, ...(normalize !== undefined && { normalize }) }).item() as number;
    close(mean(indices, "weights"), mean(probabilities, "weights"));
    close(mean(indices, "count"), mean(probabilities, "count"));
    // The defaults are PyTorch's: they differ.
    close(mean(indices), mean(indices, "weights"));
    close(mean(probabilities), mean(probabilities, "count"));
    expect(mean(indices)).not.toBeCloseTo(mean(probabilities), 3);
  });

  test("W-10: smoothing can go to the other classes only", () => {
    const logits = f64([[1, 2, 3, -1]]);
    const others = crossEntropy(logits, [2], { labelSmoothing: 0.3, smoothingSpread: "others" }).item();
    close(others, crossEntropy(logits, f64([[0.1, 0.1, 0.7, 0.1]])).item());
    const all = crossEntropy(logits, [2], { labelSmoothing: 0.3 }).item();
    close(all, crossEntropy(logits, f64([[0.075, 0.075, 0.775, 0.075]])).item());
  });

  test("W-11: ignoring a class leaves it in every softmax; a mask takes it out", () => {
    const logits = f64([
      [1, 2, 3],
      [0, 1, 0],
    ]);
    close(crossEntropy(logits, [0, 2], { ignoreIndex: 2 }).item(), crossEntropy(f64([[1, 2, 3]]), [0]).item());
    const classMask = tensor([true, true, false]);
    close(
      crossEntropy(logits, [0, 1], { classMask }).item(),
      crossEntropy(
        f64([
          [1, 2],
          [0, 1],
        ]),
        [0, 1],
      ).item(),
    );
  });

  test("W-12: ignored rows take no part in smoothing, with and without weights", () => {
    const logits = f64([
      [1, 2, 3],
      [7, 8, 9],
      [0, 1, 0],
    ]);
    const kept = f64([
      [1, 2, 3],
      [0, 1, 0],
    ]);
    for (const weight of [undefined, f64([1, 2, 0.5])]) {
      const options = { labelSmoothing: 0.2, ...(weight !== undefined && { weight }) };
      close(crossEntropy(logits, [0, -100, 1], options).item(), crossEntropy(kept, [0, 1], options).item());
    }
  });

  test("W-13: sums of many losses keep their digits", () => {
    const rows = 1 << 18;
    const targets = zeros([rows], { dtype: "int64" });
    expect(crossEntropy(zeros([rows, 2]), targets).item()).toBe(Math.fround(Math.LN2));
    expect(crossEntropy(zeros([rows, 2]), targets, { reduction: "sum" }).item()).toBe(Math.fround(rows * Math.LN2));
    const tenth = Math.fround(0.1);
    expect(l1Loss(zeros([rows]).add(0.1), zeros([rows]), { reduction: "sum" }).item()).toBe(Math.fround(rows * tenth));
  });

  test("W-34: a negative smoothing is refused", () => {
    expect(() => crossEntropy([[1, 2]], [0], { labelSmoothing: -0.1 })).toThrow(ArgumentError);
  });

  test("W-35: whole numbers are class indices and floats probabilities, whatever the shapes; the class dimension can be said", () => {
    const logits = f64([
      [1, 2],
      [3, 5],
    ]);
    expect(() =>
      crossEntropy(
        logits,
        tensor(
          [
            [0, 1],
            [1, 0],
          ],
          { dtype: "int64" },
        ),
      ),
    ).toThrow(/there must be one class index for each row.*\[2, 2\] int64.*\[2\]/s);
    expect(() => crossEntropy(logits, f64([0.5, 0.5]))).toThrow(/probabilities need the input's shape/);
    const tokens = randn([2, 5, 3], { dtype: "float64" });
    const targets = tensor(
      [
        [0, 1, 2, 1, 0],
        [2, 2, 1, 0, 0],
      ],
      { dtype: "int64" },
    );
    close(crossEntropy(tokens, targets, { dim: -1 }).item(), crossEntropy(tokens.movedim(-1, 1), targets).item());
    expect(() => crossEntropy([[1, 2]], [5])).toThrow(/a target is not a class/);
  });

  test("W-36: parts of several batches give the mean over all of them", () => {
    const logits = randn([6, 3], { dtype: "float64" });
    const targets = [0, 1, -100, -100, -100, 2];
    const whole = crossEntropy(logits, targets).item();
    const parts = [0, 3].map((from) => crossEntropy.parts(logits.narrow(0, from, 3), targets.slice(from, from + 3)));
    close(meanOfParts(parts).item(), whole);
  });
});

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

describe("distances", () => {
  test("W-21: cosines of vectors of any size, and gradient 0 for zeros", () => {
    const alike = (a: readonly number[], b: readonly number[]) => cosineEmbeddingLoss([a], [b], [1]).item();
    expect(alike([1e-7, 2e-7], [1e-7, 2e-7])).toBe(0);
    expect(alike([1e20, 2e20], [1e20, 2e20])).toBe(0);
    expect(alike([3e-20, 4e-20], [4e20, 3e20])).toBe(Math.fround(0.04));
    expect(alike([0, 0], [1, 2])).toBe(1);
    expect(slopes((a, b) => cosineEmbeddingLoss(a, b, [1]), f64([[0, 0]]), f64([[1, 2]]))).toEqual([
      [[0, 0]],
      [[0, 0]],
    ]);
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
