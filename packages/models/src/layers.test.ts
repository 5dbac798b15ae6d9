import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Tensor, tensor } from "@tenon/numerics";
import { describe, expect, it } from "vitest";
import * as models from "./index.ts";
import type { Module } from "./module.ts";

interface Values {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

interface LayerCase {
  readonly layer: string;
  readonly args: readonly unknown[];
  readonly training: boolean;
  readonly state: { readonly [key: string]: Values };
  readonly inputs: readonly Values[];
  readonly output: Values;
  readonly cotangent: Values;
  readonly inputGrads: readonly (Values | null)[];
  readonly parameterGrads: { readonly [key: string]: Values };
  readonly stateAfter: { readonly [key: string]: Values };
}

// Written by tools/fixtures/layers.py with PyTorch 1.13 in float64: a layer is added to this test by a row there.
const path = fileURLToPath(new URL("../fixtures/layers.json", import.meta.url));
const cases = JSON.parse(readFileSync(path, "utf8")) as LayerCase[];

type LayerClass = new (...args: unknown[]) => Module;
const classes = models as unknown as { readonly [name: string]: LayerClass };

const float64 = ({ shape, values }: Values) => tensor([...values], { dtype: "float64", shape });

function expectClose(what: string, got: Tensor | null | undefined, want: Values): void {
  expect([what, got?.shape]).toEqual([what, want.shape]);
  const greatest = Math.max(1, ...want.values.map(Math.abs));
  Array.from(got!.data() as ArrayLike<number | bigint>, Number).forEach((value, i) => {
    // Other order of summation than PyTorch's; nothing else may differ in float64.
    expect(
      Math.abs(value - want.values[i]!) / greatest,
      `${what}[${i}]: ${value}, PyTorch ${want.values[i]}`,
    ).toBeLessThan(1e-12);
  });
}

describe("layers compute what PyTorch's compute, forward and backward", () => {
  for (const [i, row] of cases.entries()) {
    it(`${i}: ${row.layer}(${row.args.map((arg) => JSON.stringify(arg)).join(", ")})`, () => {
      const layer = new classes[row.layer]!(...row.args).to("float64").train(row.training);
      expect([...layer.stateDict().keys()]).toEqual(Object.keys(row.state));
      layer.loadStateDict(new Map(Object.entries(row.state).map(([key, values]) => [key, float64(values)])));
      const inputs = row.inputs.map((values, k) => {
        const x = float64(values);
        return row.inputGrads[k] === null ? x.to("int64") : x.requiresGrad_();
      });
      const result = (layer as unknown as (...xs: Tensor[]) => Tensor | Tensor[])(...inputs);
      const output = Array.isArray(result) ? result[0]! : result;
      expectClose("output", output, row.output);
      output.backward(float64(row.cotangent));
      for (const [k, want] of row.inputGrads.entries())
        if (want !== null) expectClose(`grad of input ${k}`, inputs[k]!.grad, want);
      const parameters = new Map(layer.namedParameters());
      for (const [key, want] of Object.entries(row.parameterGrads))
        expectClose(`grad of ${key}`, parameters.get(key)!.grad, want);
      const after = layer.stateDict();
      for (const [key, want] of Object.entries(row.stateAfter)) expectClose(`${key} after`, after.get(key), want);
    });
  }

  it("and every exported layer has a row, or a test of its own beside it", () => {
    const withRows = new Set(cases.map((row) => row.layer));
    const containers = new Set(["Module", "Sequential", "ModuleList"]);
    const isLayer = (name: string) => classes[name]?.prototype instanceof models.Module && !containers.has(name);
    const hasTest = (name: string) => {
      const file = name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase();
      return existsSync(fileURLToPath(new URL(`./layers/${file}.test.ts`, import.meta.url)));
    };
    expect(Object.keys(models).filter((name) => isLayer(name) && !withRows.has(name) && !hasTest(name))).toEqual([]);
  });
});
