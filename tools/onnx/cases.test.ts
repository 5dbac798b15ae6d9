import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { onnxExporter } from "@tenon/models";
import { type DType, type Tensor, UnsupportedError } from "@tenon/numerics";
import { type Check, type Exporter, onnxChecks } from "@tenon/numerics/testing";
import { describe, expect, test } from "vitest";
import { caseFiles, casesOf } from "../testing/cases-suite.ts";

// Every operation and loss that has cases and an ONNX form is exported and run in onnxruntime: in the default operator set, in the oldest one offered, and
// in the other dtypes that have samples, as far as onnxruntime has kernels for them.

const folders = ["../../packages/numerics/src/ops/", "../../packages/losses/src/"];
const runs: readonly (readonly [opset: number, dtype: DType])[] = [
  [21, "float32"],
  [17, "float32"],
  [21, "float64"],
  [21, "int64"],
  [21, "bool"],
];

function exporterFor(opset: number): Exporter {
  return {
    run: (fn: (...inputs: Tensor[]) => Tensor | readonly Tensor[], inputs) => onnxExporter.run(fn, inputs, { opset }),
  };
}

/** Whether the file is fine and onnxruntime only lacks a kernel for the dtype. */
function lacksKernel(error: unknown): boolean {
  return error instanceof UnsupportedError && /Could not find an implementation|NOT_IMPLEMENTED/.test(error.message);
}

function register(checks: readonly Check[], dtype: DType): number {
  for (const { name, skip, run } of checks) {
    if (skip !== undefined) {
      test.skip(`${name} (${skip})`, run);
      continue;
    }
    test(name, async (context) => {
      try {
        await run();
      } catch (error) {
        if (dtype === "float32" || !lacksKernel(error)) throw error;
        context.skip(`onnxruntime has no ${dtype} kernel`);
      }
    });
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
    for (const [opset, dtype] of runs) {
      const checks = onnxChecks(cases, exporterFor(opset), dtype);
      if (checks.length === 0) continue;
      describe(`${cases.name}, opset ${opset}, ${dtype}`, () => {
        total += register(checks, dtype);
      });
    }
  }
}

test("some operations were run", () => {
  expect(total).toBeGreaterThan(0);
});
