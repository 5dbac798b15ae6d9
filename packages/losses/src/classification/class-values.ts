import {
  ArgumentError,
  asTensor,
  formatShape,
  indexSelect,
  isTracing,
  ShapeError,
  sameShape,
  type Tensor,
  type TensorArg,
  unsqueeze,
} from "@tenon/numerics";
import type { ClassRows } from "../core/define-class-loss.ts";

/** Numbers that an option gives for each class, `[C]`, in the logits' dtype. @throws ShapeError for any other shape. */
export function classValues(op: string, what: string, values: TensorArg, { logits, classes }: ClassRows): Tensor {
  const given = asTensor(values);
  if (!sameShape(given.shape, [classes])) {
    throw new ShapeError({
      op,
      rule: `${what} must have one number for each class`,
      received: formatShape(given.shape),
      expected: formatShape([classes]),
    });
  }
  return given.to(logits.dtype);
}

/** How often each class occurs. @throws ArgumentError for a class that does not. */
export function checkCounts(op: string, counts: Tensor): Tensor {
  if (isTracing() || counts.size === 0) return counts;
  const missing = counts.detach().gt(0).logicalNot();
  if (missing.sum().item() === 0) return counts;
  const at = missing.flatten().argmax().item() as number;
  throw new ArgumentError({
    op,
    rule: "every class must occur",
    received: `${counts.detach().flatten().select(0, at).item()} samples of class ${at}`,
    hint: "Leave classes out that have no samples, or count them as 1",
  });
}

/** `[C]` so that it broadcasts to the logits: `[C, 1, ...]` with a size for each dimension after the classes. */
export function alongClasses(values: Tensor, { logits, dim }: ClassRows): Tensor {
  let stretched = values;
  for (let d = dim + 1; d < logits.ndim; d++) stretched = unsqueeze(stretched, -1);
  return stretched;
}

/** Of each row the number of its target's class, in the targets' shape. */
export function ofTarget(values: Tensor, { target }: ClassRows): Tensor {
  return indexSelect(values, 0, target.flatten()).reshape(target.shape);
}
