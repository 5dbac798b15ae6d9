import { ArgumentError, type Tensor } from "@tenon/numerics";

/** What becomes of the single losses. */
export type Reduction = "none" | "mean" | "sum";

/** What the mean of no losses is. PyTorch's answer, and the default, is NaN. */
export type OnEmpty = "nan" | "zero" | "throw";

export interface ReductionOptions {
  /** Default "mean". */
  readonly reduction?: Reduction;
  /** Default "nan". */
  readonly onEmpty?: OnEmpty;
}

const REDUCTIONS: readonly string[] = ["none", "mean", "sum"];

/** @throws ArgumentError for anything but the three names. */
export function checkReduction(op: string, reduction: string, also: readonly string[] = []): void {
  if (REDUCTIONS.includes(reduction) || also.includes(reduction)) return;
  throw new ArgumentError({
    op,
    rule: "unknown reduction",
    received: JSON.stringify(reduction),
    expected: [...REDUCTIONS, ...also].map((name) => JSON.stringify(name)).join(", "),
  });
}

/** The one place where single losses become a result; the mean divides by their number, or by `divisor`. */
export function reduceLoss(op: string, losses: Tensor, options: ReductionOptions, divisor?: Tensor): Tensor {
  const { reduction = "mean", onEmpty = "nan" } = options;
  if (reduction === "none") return losses;
  if (reduction === "sum") return losses.sum();
  if (losses.size === 0 && onEmpty !== "nan") return meanOfNothing(op, losses, onEmpty);
  return divisor === undefined ? losses.mean() : losses.sum().div(divisor);
}

/** What `onEmpty` asks for instead of NaN. */
export function meanOfNothing(op: string, losses: Tensor, onEmpty: "zero" | "throw"): Tensor {
  if (onEmpty === "zero") return losses.sum();
  throw new ArgumentError({
    op,
    rule: "the mean of no losses is not defined",
    received: `losses of shape [${losses.shape.join(", ")}]`,
    hint: 'Leave empty batches out, or pass onEmpty: "zero"',
  });
}
