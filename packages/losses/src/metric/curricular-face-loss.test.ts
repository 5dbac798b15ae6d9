import { ArgumentError, noGrad, tensor } from "@tenon/numerics";
import { describe, expect, test } from "vitest";
import { CurricularFaceLoss, curricularFaceLoss } from "./curricular-face-loss.ts";

const X = [
  [1, 0, 0],
  [0, 2, 0],
  [3, 0, 4],
];
const Y = [0, 1, 1];

describe("CurricularFaceLoss", () => {
  test("moves its stage on towards the mean cosine with the own classes, before it is used", () => {
    const module = new CurricularFaceLoss(3, 3, { momentum: 0.25, dtype: "float64", scale: 4 });
    const weight = tensor(
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      { dtype: "float64" },
    );
    module.weight.detach().copy_(weight);
    const loss = module(X, Y);
    expect(module.stage).toBeCloseTo((0.25 * (1 + 1 + 0)) / 3, 14);
    expect(loss.item()).toBeCloseTo(
      curricularFaceLoss(X, Y, weight, { scale: 4, stage: module.stage }).item() as number,
      12,
    );
    module(X, Y);
    expect(module.stage).toBeCloseTo((2 / 3) * (1 - 0.75 ** 2), 14);
  });

  test("keeps its stage without gradients, and where all rows are ignored", () => {
    const module = new CurricularFaceLoss(3, 3, { momentum: 1, stage: 0.5 });
    noGrad(() => module(X, Y));
    expect(module.stage).toBe(0.5);
    module(X, [-100, -100, -100]);
    expect(module.stage).toBe(0.5);
  });

  test("trains its weight, and refuses a momentum that is no share", () => {
    const module = new CurricularFaceLoss(3, 3);
    module(X, Y).backward();
    expect([...module.namedParameters()].map(([name]) => name)).toEqual(["weight"]);
    expect(module.weight.grad?.shape).toEqual([3, 3]);
    expect(() => new CurricularFaceLoss(3, 3, { momentum: 2 })).toThrow(ArgumentError);
  });
});
