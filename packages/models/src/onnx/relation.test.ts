import { describe, expect, test } from "vitest";
import { evaluate, findRelation, sameAs } from "./relation.ts";

const one = [2, 4, 6].map((n) => new Map([["n", n]]));
const two = [
  [2, 3],
  [4, 3],
  [2, 9],
  [6, 12],
].map(
  ([b, t]) =>
    new Map([
      ["b", b!],
      ["t", t!],
    ]),
);

describe("findRelation", () => {
  test("finds the dimension itself, multiples and sums", () => {
    expect(sameAs(findRelation([2, 4, 6], one))).toBe("n");
    expect(findRelation([7, 11, 15], one)).toEqual({ kind: "sum", constant: 3, factors: new Map([["n", 2]]) });
    expect(sameAs(findRelation([7, 11, 15], one))).toBeNull();
    const both = findRelation([8, 10, 20, 30], two)!;
    expect(
      evaluate(
        both,
        new Map([
          ["b", 10],
          ["t", 100],
        ]),
      ),
    ).toBe(10 + 200);
  });

  test("finds products of dimensions", () => {
    const product = findRelation([12, 24, 36, 144], two)!;
    expect(product).toEqual({ kind: "product", factor: 2, names: ["b", "t"] });
    expect(
      evaluate(
        product,
        new Map([
          ["b", 5],
          ["t", 7],
        ]),
      ),
    ).toBe(70);
  });

  test("does not guess: halves, squares and chance are no relation", () => {
    expect(findRelation([1, 2, 3], one)).toBeNull();
    expect(findRelation([4, 16, 36], one)).toBeNull();
    expect(findRelation([2, 4, 5], one)).toBeNull();
  });
});
