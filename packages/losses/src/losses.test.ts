import { expect, test } from "vitest";
import { casesSuite } from "../../../tools/testing/cases-suite.ts";
import { CrossEntropyLoss, crossEntropy, defineLoss, lossClass, MSELoss, mseLoss } from "./index.ts";

await casesSuite({
  folders: [new URL("./", import.meta.url)],
  index: new URL("./index.ts", import.meta.url),
  sources: /^\.\/(?!core\/)/,
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
