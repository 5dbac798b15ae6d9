import { type Tensor, tensor, trace } from "@tenon/numerics";
import { expect, test } from "vitest";
import { hausdorffDistanceLoss } from "./hausdorff-losses.ts";

const x = tensor([[[0.5, -1, 2]]]);
const t = tensor([[[1, 0, 0]]]);
const map = tensor([[[0, 1, 2]]]);

function unsupported(fn: (...inputs: Tensor[]) => Tensor, inputs: readonly Tensor[]): string[] {
  return trace(fn, inputs).nodes.flatMap(({ op }) => ("unsupported" in op.onnx ? [op.onnx.unsupported] : []));
}

test("a graph with distances that it would have to compute says why it cannot be exported; with given ones it can", () => {
  const reasons = unsupported((a, b) => hausdorffDistanceLoss(a, b), [x, t]);
  expect(new Set(reasons)).toEqual(
    new Set(["ONNX has no distance transform; pass distances that were computed before"]),
  );
  const given = (a: Tensor, b: Tensor, m: Tensor) =>
    hausdorffDistanceLoss(a, b, { sides: "target", targetDistance: m });
  expect(unsupported(given, [x, t, map])).toEqual([]);
});
