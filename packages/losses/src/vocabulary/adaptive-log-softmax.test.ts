import { readFileSync } from "node:fs";
import { tensor } from "@tenon/numerics";
import { expectClose } from "@tenon/numerics/testing";
import { expect, test } from "vitest";
import { AdaptiveLogSoftmaxWithLoss } from "./adaptive-log-softmax-with-loss.ts";

// PyTorch 1.13 in float64, by tools/fixtures/losses/adaptive-softmax.py.
interface Fixture {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly expect: number[] & number[][];
}
const FIXTURES = JSON.parse(
  readFileSync(new URL("../../fixtures/adaptive-softmax.json", import.meta.url), "utf8"),
) as Record<"adaptiveLogSoftmaxLoss" | "adaptiveLogSoftmax" | "predict", Fixture[]>;

function named(loss: keyof typeof FIXTURES, name: string): Fixture {
  return FIXTURES[loss].find((row) => row.name === name)!;
}

/** The module of a fixture, with its parameters filled by PyTorch's names. */
function moduleOf(name: string): { module: AdaptiveLogSoftmaxWithLoss; input: number[][] } {
  const [input, cutoffs, headWeight, headBias, ...tail] = named("predict", name).args;
  const module = new AdaptiveLogSoftmaxWithLoss(6, 10, (cutoffs as { plain: number[] }).plain, {
    divValue: 2,
    headBias: headBias !== null,
    dtype: "float64",
  });
  const values: Record<string, unknown> = { "head.weight": headWeight, "head.bias": headBias };
  tail.forEach((value, i) => {
    values[`tail.${Math.floor(i / 2)}.${i % 2}.weight`] = value;
  });
  for (const [key, parameter] of module.namedParameters()) {
    const given = tensor(values[key] as number[][], { dtype: "float64" });
    expect(parameter.shape, key).toEqual(given.shape);
    (parameter.view() as Float64Array).set(given.data() as Float64Array);
  }
  return { module, input: input as number[][] };
}

test.each(["two clusters", "bias", "one cluster", "shortlist only", "no shortlist"])(
  "the module gives PyTorch's output, loss, logProb and predict: %s",
  (name) => {
    const { module, input } = moduleOf(name);
    const rows = named("adaptiveLogSoftmaxLoss", `${name}, rows`);
    const x = tensor(input, { dtype: "float64" });
    const target = tensor((rows.args[1] as { index: number[] }).index).to("int64");
    const { output, loss } = module(x, target);
    const closeness = { relative: 1e-13 };
    expectClose(
      output,
      rows.expect.map((v) => -v),
      closeness,
    );
    expectClose(loss, rows.expect.reduce((a, b) => a + b, 0) / rows.expect.length, closeness);
    expectClose(module.logProb(x), named("adaptiveLogSoftmax", name).expect, closeness);
    expect(module.predict(x).toArray()).toEqual(named("predict", name).expect);
    expect(module.logProb(x).argmax(-1).toArray()).toEqual(module.predict(x).toArray());
  },
);

test("parameters have PyTorch's names, shapes and range", () => {
  const module = new AdaptiveLogSoftmaxWithLoss(16, 20, [5, 12], { headBias: true });
  const shapes = [...module.namedParameters()].map(([name, p]) => [name, p.shape]);
  expect(shapes).toEqual([
    ["head.weight", [7, 16]],
    ["head.bias", [7]],
    ["tail.0.0.weight", [4, 16]],
    ["tail.0.1.weight", [7, 4]],
    ["tail.1.0.weight", [1, 16]],
    ["tail.1.1.weight", [8, 1]],
  ]);
  expect(module.headWeight.abs().max().item()).toBeLessThanOrEqual(0.25);
  expect(module.headWeight.abs().max().item()).toBeGreaterThan(0.2);
});

test("cutoffs and clusters that cannot be are refused", () => {
  expect(() => new AdaptiveLogSoftmaxWithLoss(8, 10, [4, 3])).toThrow(
    /cutoffs must be increasing.*\[4, 3\] of 10 classes/,
  );
  expect(() => new AdaptiveLogSoftmaxWithLoss(8, 10, [10])).toThrow(/cutoffs must be increasing.*\[10\] of 10 classes/);
  expect(() => new AdaptiveLogSoftmaxWithLoss(8, 10, [])).toThrow(/cutoffs must be increasing/);
  expect(() => new AdaptiveLogSoftmaxWithLoss(8, 10, [2, 5])).toThrow(
    /a cluster has no features.*8 features divided by 4\^2/,
  );
});
