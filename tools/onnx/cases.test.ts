import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { onnxExporter } from "@tenon/models";
import type { Tensor } from "@tenon/numerics";
import { type Check, type Exporter, onnxChecks } from "@tenon/numerics/testing";
import { describe, expect, test } from "vitest";
import { caseFiles, casesOf } from "../testing/cases-suite.ts";

// Every operation that has cases and an ONNX form is exported and run in onnxruntime, in the newest and the oldest operator set offered.

const folders = ["../../packages/numerics/src/ops/", "../../packages/losses/src/"];
const opsets = [21, 17];

function exporterFor(opset: number): Exporter {
  return {
    run: (fn: (...inputs: Tensor[]) => Tensor | readonly Tensor[], inputs) => onnxExporter.run(fn, inputs, { opset }),
  };
}

function register(checks: readonly Check[]): number {
  for (const { name, skip, run } of checks) {
    if (skip === undefined) test(name, run);
    else test.skip(`${name} (${skip})`, run);
  }
  return checks.filter(({ skip }) => skip === undefined).length;
}

let total = 0;
for (const file of caseFiles(folders.map((folder) => new URL(folder, import.meta.url)))) {
  const module = (await import(pathToFileURL(file).href).catch((error: unknown) => {
    test(`${basename(file)} can be loaded`, () => {
      throw error;
    });
    return {};
  })) as Record<string, unknown>;
  for (const cases of casesOf(module)) {
    for (const opset of opsets) {
      describe(`${cases.name}, opset ${opset}`, () => {
        total += register(onnxChecks(cases, exporterFor(opset)));
      });
    }
  }
}

test("some operations were run", () => {
  expect(total).toBeGreaterThan(0);
});
