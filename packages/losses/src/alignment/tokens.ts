import { asTensor, type Tensor, type TensorArg, where } from "@tenon/numerics";
import { checkSameShape } from "../core/check-same-shape.ts";
import { realDoubles } from "../core/real-doubles.ts";
import type { Losses } from "../core/reduction.ts";

/** Per-token tensors of one shape in float64, 0 where the mask is false: what lies in padding must not reach a product with 0. */
export function maskedTokens(
  op: string,
  named: Readonly<Record<string, TensorArg>>,
  mask: TensorArg | undefined,
): { tensors: Tensor[]; kept: Tensor | undefined } {
  const wide = realDoubles(...Object.values(named));
  const kept = mask === undefined ? undefined : asTensor(mask).to("bool");
  const all = Object.fromEntries(Object.keys(named).map((name, i) => [name, wide[i]!]));
  checkSameShape(op, kept === undefined ? all : { ...all, mask: kept });
  return { tensors: kept === undefined ? wide : wide.map((x) => where(kept, x, 0)), kept };
}

/** Token losses with the number of tokens that count. */
export function tokenLosses(losses: Tensor, kept: Tensor | undefined): Losses {
  if (kept === undefined) return { losses };
  return { losses: where(kept, losses, 0), divisor: kept.to(losses.dtype).sum() };
}
