import {
  ArgumentError,
  log,
  oneHot,
  randn,
  sigmoid,
  type Tensor,
  type TensorArg,
  tensor,
  zeros,
} from "@tenon/numerics";
import { describe, expect, test } from "vitest";
import {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  l1Loss,
  meanOfParts,
  mseLoss,
  nllLoss,
} from "../index.ts";
import { close, f64, slopes } from "../testing/slopes.ts";

// What PyTorch does wrong, or does so that most are surprised, and what is right: each entry a test, named by what should hold. Numbers as in the list of known
// defects; W-18 to W-20 and W-37 to W-40 are beside their losses.

const INF = Number.POSITIVE_INFINITY;
const EACH = { reduction: "none" } as const;

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
