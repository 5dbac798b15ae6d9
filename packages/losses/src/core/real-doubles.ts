import { isFloatingPoint, isTracing, type Tensor, type TensorArg } from "@tenon/numerics";
import { doubles } from "./doubles.ts";

/** `doubles` for arguments that stand for quantities even where they are whole numbers: counts, pixels of 0 to 255, corners of boxes. */
export function realDoubles<A extends readonly TensorArg[]>(...args: A): { [K in keyof A]: Tensor } {
  return doubles(...args).map((x) => {
    if (isFloatingPoint(x.dtype)) return x;
    return x.to(isTracing() ? "float32" : "float64");
  }) as { [K in keyof A]: Tensor };
}
