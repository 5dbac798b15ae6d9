import { ArgumentError, type Tensor, tensor } from "@tenon/numerics";
import { describe, expect, test } from "vitest";
import { CumulativeLinkLoss, cumulativeLinkLoss } from "./cumulative-link-loss.ts";

describe("CumulativeLinkLoss", () => {
  test("starts at the thresholds given, or at equal distances around 0", () => {
    expect(new CumulativeLinkLoss(4).thresholds().toArray()).toEqual([-1, 0, 1]);
    const given = new CumulativeLinkLoss(4, { thresholds: [-2, 0.5, 0.75], dtype: "float64" });
    (given.thresholds().toArray() as number[]).forEach((cut, k) => {
      expect(cut).toBeCloseTo([-2, 0.5, 0.75][k]!, 14);
    });
    expect(new CumulativeLinkLoss(2).thresholds().toArray()).toEqual([0]);
  });

  test("gives what the function gives with these thresholds, in the parameters' dtype", () => {
    const module = new CumulativeLinkLoss(3, { reduction: "none" });
    const loss = module([0, 3], [0, 1]);
    expect(loss.dtype).toBe("float32");
    expect(loss.toArray()).toEqual(cumulativeLinkLoss([0, 3], [0, 1], [-0.5, 0.5], { reduction: "none" }).toArray());
  });

  test("learns thresholds that stay in order", () => {
    const module = new CumulativeLinkLoss(3, { dtype: "float64", thresholds: [-3, -2.5] });
    const x = tensor([-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5], { dtype: "float64" });
    const labels = [0, 0, 1, 1, 0, 1, 2, 2];
    const before = module(x, labels).item() as number;
    for (let step = 0; step < 400; step++) {
      module(x, labels).backward();
      for (const [, parameter] of module.namedParameters()) {
        const next = parameter.detach().sub((parameter.grad as Tensor).mul(0.2));
        (parameter as Tensor).detach().copy_(next);
        parameter.grad = null;
      }
    }
    const [low, high] = module.thresholds().toArray() as [number, number];
    expect(low).toBeLessThan(high);
    expect(low).toBeGreaterThan(-2);
    expect(high).toBeGreaterThan(0.5);
    expect(module(x, labels).item()).toBeLessThan(before / 2);
  });

  test("names its parameters, and refuses what cannot be thresholds", () => {
    expect([...new CumulativeLinkLoss(5).namedParameters()].map(([name, p]) => [name, p.shape])).toEqual([
      ["first", [1]],
      ["logGaps", [3]],
    ]);
    expect(() => new CumulativeLinkLoss(1)).toThrow(ArgumentError);
    expect(() => new CumulativeLinkLoss(3, { thresholds: [1, 0] })).toThrow(/thresholds must be 2 ascending numbers/);
    expect(() => new CumulativeLinkLoss(3, { thresholds: [1] })).toThrow(/thresholds must be 2 ascending numbers/);
  });
});
