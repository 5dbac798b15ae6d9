import { type Tensor, where } from "@tenon/numerics";
import { ofClasses, type Regions } from "./regions.ts";

/** The mean over the pixels that count of `[N, C, P]`: `[N, C]`, or `[C]` over a whole batch; 0 where none counts. Only classes that count are passed. */
export function pixelMean(values: Tensor, { kept, firstClass }: Regions, batch: boolean): Tensor {
  const over = batch ? [0, 2] : 2;
  if (kept === undefined) return values.size === 0 ? values.sum(over) : values.mean(over);
  const mask = (kept.shape[1] === 1 ? kept : ofClasses(kept, firstClass)).expand(values.shape);
  const count = mask.to(values.dtype).sum(over);
  return where(mask, values, 0)
    .sum(over)
    .div(where(count.eq(0), 1, count));
}
