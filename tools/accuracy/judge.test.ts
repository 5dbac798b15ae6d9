import { expect, test } from "vitest";
import { judge, ulpError } from "./judge.ts";

test("the error is in units in the last place of the float32 nearest to the exact value", () => {
  expect(ulpError(1, 1, 0, 0)).toBe(0);
  expect(ulpError(1 + 2 ** -23, 1, 0, 0)).toBe(1);
  expect(ulpError(0, 2 ** -149, 0, 0)).toBe(1);
  expect(ulpError(0, 1e-30, 0, 0)).toBeGreaterThan(1e6);
});

test("NaN and infinities must be where they belong, except at the edge of overflow", () => {
  expect(ulpError(Number.NaN, Number.NaN, 0, 0)).toBe(0);
  expect(ulpError(1, Number.NaN, 0, 0)).toBeNaN();
  expect(ulpError(Number.POSITIVE_INFINITY, 1e30, 0, 0)).toBeNaN();
  expect(ulpError(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0)).toBeNaN();
  expect(ulpError(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 1)).toBe(0);
  expect(ulpError(Number.POSITIVE_INFINITY, 3.4028235e38, 0, 0)).toBeLessThanOrEqual(1);
});

test("conventions and zero crossings are counted apart", () => {
  const exact = { high: [1, 1, 1e-20, -0], low: [0, 0, 0, 0], flag: [0, 2, 0, 0] };
  const found = judge([1, 5, 1.5e-20, 0], exact, 1, () => 1);
  expect(found).toMatchObject({ n: 3, over: 0, crossings: 1, zeroSigns: 1, nonFinite: 0, max: 0 });
  expect(found.conventions).toEqual([1, 1]);
  expect(judge([1, 5, 1.5e-20, 0], exact, 1)).toMatchObject({ over: 1, worst: 2 });
});
