import { arange, type Tensor, unsqueeze } from "@tenon/numerics";
import type { ClassRows } from "../core/define-class-loss.ts";

/** Which logits are not the target's (bool, in the logits' shape). */
export function otherClasses({ logits, target, dim, classes }: ClassRows): Tensor {
  const index = arange(0, classes, 1, { dtype: "int64" }).reshape(logits.shape.map((_, i) => (i === dim ? -1 : 1)));
  return unsqueeze(target, dim).ne(index);
}
