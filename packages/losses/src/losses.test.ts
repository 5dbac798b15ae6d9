import { ArgumentError, log, noGrad, type Tensor, tensor, trace } from "@tenon/numerics";
import { describe, expect, test } from "vitest";
import { casesSuite } from "../../../tools/testing/cases-suite.ts";
import {
  binaryCrossEntropy,
  CrossEntropyLoss,
  crossEntropy,
  defineClassLoss,
  defineLoss,
  doubles,
  focalLoss,
  l1Loss,
  lossClass,
  lossFunction,
  MSELoss,
  meanOfParts,
  mseLoss,
  nllLoss,
} from "./index.ts";

await casesSuite({
  folders: [new URL("./", import.meta.url)],
  index: new URL("./index.ts", import.meta.url),
  sources: /^\.\/(?!core\/)/,
  exempt: {
    CLIPLoss: "learns its scale: self-supervised/state.test.ts",
    DINOLoss: "has a center: self-supervised/state.test.ts",
    IBOTPatchLoss: "has a center: self-supervised/state.test.ts",
    LeJEPALoss: "draws directions: self-supervised/state.test.ts",
    MemoryBank: "is state: self-supervised/state.test.ts",
    MoCoLoss: "has a queue: self-supervised/state.test.ts",
    SigmoidContrastiveLoss: "learns scale and bias: self-supervised/state.test.ts",
    TeacherCenter: "is state: self-supervised/state.test.ts",
    TiCoLoss: "has a covariance: self-supervised/state.test.ts",
    vicRegParts: "gives three losses: self-supervised/constants.test.ts",
  },
});

test("the class forms keep their options and give what the functions give", () => {
  expect(new MSELoss({ reduction: "sum" })([1, 2], [1, 4]).item()).toBe(
    mseLoss([1, 2], [1, 4], { reduction: "sum" }).item(),
  );
  const smoothed = new CrossEntropyLoss({ labelSmoothing: 0.25 });
  expect(smoothed([[1, 2]], [0n]).item()).toBe(crossEntropy([[1, 2]], [0n], { labelSmoothing: 0.25 }).item());
});

test("a loss of one's own has checks, weights, reduction and a class", () => {
  const cubed = defineLoss("cubed", (input, target) => {
    const d = input.sub(target);
    return d.mul(d).mul(d);
  });
  expect(cubed([3, 2], [1, 1]).item()).toBe(4.5);
  expect(cubed([3, 2], [1, 1], { reduction: "none" }).toArray()).toEqual([8, 1]);
  expect(cubed([3, 2], [1, 1], { weight: [0.5, 2], reduction: "sum" }).item()).toBe(6);
  expect(() => cubed([[1], [2]], [1, 2])).toThrow(/cubed: the shapes would stretch each other/);
  const Cubed = lossClass("Cubed", cubed);
  expect(new Cubed({ reduction: "sum" })([3, 2], [1, 1]).item()).toBe(9);
});

test("a loss of class indices of one's own has ignored rows, weights, the place of the classes and a class", () => {
  const missed = defineClassLoss("missed", (rows) => rows.crossEntropy().neg().exp().neg().add(1));
  const logits = [
    [0, 0],
    [0, Math.log(3)],
  ];
  expect(missed(logits, [0, 0], { reduction: "none" }).toArray()).toEqual([0.5, 0.75]);
  expect(missed(logits, [0, -100]).item()).toBe(0.5);
  expect(missed(logits, [0, 1], { weight: [3, 1] }).item()).toBeCloseTo((3 * 0.5 + 0.25) / 4, 6);
  expect(missed(logits, [0, 1], { weight: [3, 1], normalize: "count" }).item()).toBeCloseTo((3 * 0.5 + 0.25) / 2, 6);
  expect(missed(logits, [0, 0], { sampleWeight: [1, 0], reduction: "sum" }).item()).toBe(0.5);
  expect(missed(tensor(logits).t(), [0, 0], { dim: 0, reduction: "sum" }).item()).toBe(1.25);
  expect(missed([0, 0], 1).item()).toBe(0.5);
  expect(() => missed(logits, [0, 2])).toThrow(/missed: a target is not a class.*2 at position 1/);
  expect(() => missed(logits, [0])).toThrow(/missed: there must be one class index for each row/);
  expect(() => missed(logits, [0, 1], { weight: [1] })).toThrow(/missed: there must be one weight for each class/);
});

describe("masks", () => {
  test("keep what they cover out of value, gradient and divisor, whatever it is", () => {
    const logarithm = defineLoss("logarithm", (input, target) => log(input).mul(target));
    const x = tensor([Math.E, 0, Number.NaN], { requiresGrad: true });
    const loss = logarithm(x, [1, 1, 1], { mask: [true, false, false] });
    loss.backward();
    expect(loss.item()).toBeCloseTo(1, 6);
    expect((x.grad!.toArray() as number[]).slice(1)).toEqual([0, 0]);
  });

  test("broadcast, and weigh together with weights", () => {
    const mask = tensor([true, false], { dtype: "bool" });
    const x = [
      [1, 100],
      [3, 100],
    ];
    const t = [
      [0, 0],
      [0, 0],
    ];
    expect(l1Loss(x, t, { mask }).item()).toBe(2);
    expect(l1Loss(x, t, { mask, weight: [[3], [1]] }).item()).toBe(6 / 4);
    expect(l1Loss(x, t, { mask, weight: [[3], [1]], normalize: "count" }).item()).toBe(6 / 2);
  });

  test("let values through that the loss would refuse", () => {
    expect(binaryCrossEntropy([0.5, 7], [1, 1], { mask: [true, false] }).item()).toBeCloseTo(Math.LN2, 6);
    expect(() => binaryCrossEntropy([0.5, 7], [1, 1])).toThrow(ArgumentError);
  });
});

describe("the mean of nothing", () => {
  const nothing = tensor([]);
  const ignored = [-100];
  test("is NaN, 0 or an error, as asked", () => {
    for (const loss of [
      (options: object) => mseLoss(nothing, nothing, options),
      (options: object) => mseLoss([1], [1], { mask: [false], ...options }),
      (options: object) => crossEntropy([[1, 2]], ignored, options),
      (options: object) => nllLoss([[1, 2]], ignored, options),
      (options: object) => focalLoss([[1, 2]], ignored, options),
    ]) {
      expect(loss({}).item()).toBe(Number.NaN);
      expect(loss({ onEmpty: "zero" }).item()).toBe(0);
      expect(() => loss({ onEmpty: "throw" })).toThrow(/the mean of no losses is not defined/);
    }
  });

  test("has a gradient of 0 where it is 0", () => {
    const x = tensor([[1, 2]], { requiresGrad: true });
    crossEntropy(x, ignored, { onEmpty: "zero" }).backward();
    expect(x.grad?.toArray()).toEqual([[0, 0]]);
  });

  test("leaves a mean alone that is NaN for another reason", () => {
    expect(mseLoss([Number.NaN], [1], { onEmpty: "zero" }).item()).toBe(Number.NaN);
  });
});

test("parts of batches of different weight add up to the mean over all of them", () => {
  const logits = [
    [2, 0],
    [1, 0],
    [0, 3],
  ];
  const target = [0, 1, -100];
  const weight = tensor([1, 4]);
  const whole = crossEntropy(logits, target, { weight }).item() as number;
  const parts = [0, 1, 2].map((i) => crossEntropy.parts([logits[i]!], [target[i]!], { weight }));
  expect(meanOfParts(parts).item()).toBeCloseTo(whole, 6);
  expect(meanOfParts([mseLoss.parts([1], [2]), mseLoss.parts([0, 0], [2, 2])]).item()).toBe(3);
  expect(() => meanOfParts([])).toThrow(/meanOfParts: there are no parts/);
});

test("results have the arguments' dtype, also where the formula is float64", () => {
  const twice = lossFunction("twice", (x: Tensor) => doubles(x)[0].mul(2));
  expect(twice(tensor([1, 2])).dtype).toBe("float32");
  expect(twice(tensor([1, 2], { dtype: "float64" })).dtype).toBe("float64");
  expect(twice(tensor([1, 2], { dtype: "float16" })).dtype).toBe("float16");
  expect(twice([1, 2] as unknown as Tensor)).toMatchObject({ dtype: "float32" });
  expect(mseLoss(tensor([1, 2], { dtype: "float16" }), [1, 4]).dtype).toBe("float16");
});

test("a loss of one's own becomes a graph in its inputs' dtype", () => {
  const cubed = defineLoss("cubed", (input, target) => input.sub(target).pow(3));
  const graph = trace((x: Tensor, t: Tensor) => cubed(x, t), [tensor([1, 2]), tensor([0, 0])]);
  expect(graph.nodes.map(({ outputs }) => outputs[0]!.dtype)).not.toContain("float64");
  expect(graph.nodes.map(({ op }) => op.name)).toContain("mean");
});

test("without gradients the losses give the same values", () => {
  const logits = tensor([[1, 2]], { requiresGrad: true });
  const with_ = focalLoss(logits, [0]).item();
  expect(noGrad(() => focalLoss(logits, [0])).item()).toBe(with_);
});
