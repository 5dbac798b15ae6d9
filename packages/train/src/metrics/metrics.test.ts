import { IndexOutOfRangeError, ShapeError, tensor } from "@tenon/numerics";
import { describe, expect, it } from "vitest";
import { Accuracy } from "./accuracy.ts";
import { ConfusionMatrix } from "./confusion-matrix.ts";

const scores = tensor([
  [5, 1, 2],
  [1, 5, 2],
  [1, 2, 5],
  [5, 4, 1],
]);
const labels = tensor([0n, 1n, 1n, 1n]);

describe("Accuracy", () => {
  it("counts over batches of different sizes", () => {
    const accuracy = new Accuracy({ classes: 3 });
    expect(accuracy.compute()).toBeNaN();
    accuracy.update(scores, labels);
    accuracy.update(tensor([[0, 0, 1]]), tensor([2n]));
    expect(accuracy.compute()).toBe(3 / 5);
    expect(accuracy.perClass()).toEqual([1, 1 / 3, 1]);
    accuracy.reset();
    expect(accuracy.compute()).toBeNaN();
  });

  it("averages classes, and looks among the best k", () => {
    const macro = new Accuracy({ classes: 3, average: "macro" });
    macro.update(scores, labels);
    expect(macro.compute()).toBe((1 + 1 / 3) / 2);
    const top2 = new Accuracy({ classes: 3, topK: 2 });
    top2.update(scores, labels);
    expect(top2.compute()).toBe(1);
  });

  it("takes classes instead of scores, and positions besides samples", () => {
    const accuracy = new Accuracy({ classes: 3 });
    accuracy.update(tensor([0n, 2n, 1n, 1n]), labels);
    expect(accuracy.compute()).toBe(3 / 4);
    const pixels = new Accuracy({ classes: 2 });
    pixels.update(
      tensor([
        [
          [1, 5],
          [3, 2],
        ],
      ]).transpose(1, 2),
      tensor([[1n, 0n]]),
    );
    expect(pixels.compute()).toBe(1);
  });

  it("refuses what does not fit", () => {
    const accuracy = new Accuracy({ classes: 3 });
    expect(() => accuracy.update(scores, tensor([0n]))).toThrow(ShapeError);
    expect(() => accuracy.update(scores, tensor([0n, 1n, 1n, 3n]))).toThrow(IndexOutOfRangeError);
    expect(() => new Accuracy({ classes: 1 })).toThrow("classes");
    expect(() => new Accuracy({ classes: 3, topK: 4 })).toThrow("4 of 3");
  });
});

describe("ConfusionMatrix", () => {
  it("counts actual classes in rows, predicted ones in columns", () => {
    const matrix = new ConfusionMatrix({ classes: 3 });
    matrix.update(scores, labels);
    expect(matrix.compute()).toEqual([
      [1, 0, 0],
      [1, 1, 1],
      [0, 0, 0],
    ]);
  });
});
