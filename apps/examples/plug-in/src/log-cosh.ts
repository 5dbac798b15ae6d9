import { defineLoss } from "@tenon/losses";
import { softplus, type Tensor } from "@tenon/numerics";

/**
 * `log(cosh(input - target))`, element by element: a smooth absolute error.
 *
 * Written as `|d| + softplus(-2|d|) - log 2`, which neither overflows, as cosh does from 710 on, nor cancels for large d.
 */
export const logCosh = defineLoss("logCosh", (input: Tensor, target: Tensor) => {
  const d = input.sub(target).abs();
  return d.add(softplus(d.mul(-2))).sub(Math.LN2);
});
