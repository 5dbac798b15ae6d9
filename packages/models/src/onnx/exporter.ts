import type { Tensor } from "@tenon/numerics";
import { exportOnnx } from "./export.ts";
import { openSession } from "./runtime.ts";

/**
 * Exports a function and runs the file in onnxruntime (install `onnxruntime-node`): what `checkOp` of `@tenon/numerics/testing` takes to check the ONNX
 * form of an operation.
 *
 * @example await checkOp(swish, cases, { exporter: onnxExporter });
 */
export const onnxExporter = {
  async run(
    fn: (...inputs: Tensor[]) => Tensor | readonly Tensor[],
    inputs: readonly Tensor[],
    options: { readonly opset?: number } = {},
  ): Promise<readonly Tensor[]> {
    const names = inputs.map((_, i) => `input${i}`);
    const bytes = await exportOnnx(fn, inputs, { inputNames: names, ...options });
    const session = await openSession("onnxExporter", bytes, "the exported function");
    try {
      const results = await session.run(new Map(inputs.map((x, i) => [names[i]!, x])));
      return [...results.values()];
    } finally {
      await session.release();
    }
  },
};
