import { asTensor, full } from "../create.ts";
import { DTypeError } from "../errors.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { where } from "./where.ts";

/**
 * `x` with `value` where `mask` is true; shapes broadcast. `value` may be a scalar tensor.
 * @throws DTypeError unless the mask is bool.
 */
export function maskedFill(x: TensorArg, mask: TensorArg, value: TensorArg): Tensor {
  const t = asTensor(x);
  const m = asTensor(mask);
  if (m.dtype !== "bool") {
    throw new DTypeError({
      op: "maskedFill",
      rule: "the mask must be bool",
      received: m.dtype,
      hint: "Compare: x.lt(0)",
    });
  }
  const scalar = typeof value === "number" || typeof value === "boolean" || typeof value === "bigint";
  return where(m, scalar ? full([], value, { dtype: t.dtype }) : asTensor(value).to(t.dtype), t);
}
