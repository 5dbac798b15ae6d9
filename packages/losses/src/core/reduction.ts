import { ArgumentError, type Tensor, where } from "@tenon/numerics";

/** What becomes of the single losses. */
export type Reduction = "none" | "mean" | "sum";

/** What the mean of no losses is. PyTorch's answer, and the default, is NaN. */
export type OnEmpty = "nan" | "zero" | "throw";

export interface ReductionOptions {
  /** Default "mean". */
  readonly reduction?: Reduction;
  /** What the mean of no losses is: an empty batch, or one in which every row is ignored or masked. Default "nan". */
  readonly onEmpty?: OnEmpty;
}

/** Single losses, and what their mean divides by: their number unless `divisor` says otherwise. */
export interface Losses {
  /** The single losses, or how to compute them where a fused form may make that unnecessary. */
  readonly losses: Tensor | (() => Tensor);
  readonly divisor?: Tensor | number | (() => Tensor | number) | undefined;
}

/** A mean in two parts: `sum / divisor`. Parts of several batches add up to the mean over all of them, which the mean of means is not. */
export interface LossParts {
  readonly sum: Tensor;
  readonly divisor: Tensor | number;
}

const REDUCTIONS: readonly string[] = ["none", "mean", "sum"];

/** @throws ArgumentError for anything but the three names and those in `also`. */
export function checkReduction(op: string, reduction: string, also: readonly string[] = []): void {
  if (REDUCTIONS.includes(reduction) || also.includes(reduction)) return;
  throw new ArgumentError({
    op,
    rule: "unknown reduction",
    received: JSON.stringify(reduction),
    expected: [...REDUCTIONS, ...also].map((name) => JSON.stringify(name)).join(", "),
  });
}

/** The single losses, computed now if they were left for later. */
export function singleLosses({ losses }: Losses): Tensor {
  return typeof losses === "function" ? losses() : losses;
}

/** What the mean of these losses divides by. */
export function divisorOf({ divisor }: Losses, losses: Tensor): Tensor | number {
  return typeof divisor === "function" ? divisor() : (divisor ?? losses.size);
}

/** The one place where single losses become a result; the mean divides by their number, or by `divisor`. */
export function reduceLoss(
  op: string,
  losses: Tensor,
  options: ReductionOptions,
  divisor: Tensor | number = losses.size,
): Tensor {
  const { reduction = "mean", onEmpty = "nan" } = options;
  if (reduction === "none") return losses;
  if (reduction === "sum") return losses.sum();
  if (divisor === losses.size && losses.size > 0) return losses.mean();
  return losses.sum().div(onEmpty === "nan" ? divisor : nonZero(op, divisor, onEmpty));
}

function nonZero(op: string, divisor: Tensor | number, onEmpty: "zero" | "throw"): Tensor | number {
  if (onEmpty === "zero") return typeof divisor === "number" ? divisor || 1 : where(divisor.eq(0), 1, divisor);
  if ((typeof divisor === "number" ? divisor : divisor.item()) !== 0) return divisor;
  throw new ArgumentError({
    op,
    rule: "the mean of no losses is not defined",
    received: "no loss that counts",
    hint: 'Leave such batches out, or pass onEmpty: "zero"',
  });
}

/**
 * The mean over several batches from their parts: sums over divisors, so that a batch with more tokens, rows or weight counts for more.
 * @example meanOfParts([mseLoss.parts([1], [2]), mseLoss.parts([0, 0], [2, 2])]).item() // 3
 */
export function meanOfParts(parts: readonly LossParts[]): Tensor {
  const [first, ...rest] = parts;
  if (first === undefined) {
    throw new ArgumentError({ op: "meanOfParts", rule: "there are no parts", expected: "at least one" });
  }
  const sum = rest.reduce((total, part) => total.add(part.sum), first.sum);
  return sum.div(rest.reduce((total, { divisor }) => addDivisors(total, divisor), first.divisor));
}

function addDivisors(a: Tensor | number, b: Tensor | number): Tensor | number {
  if (typeof a !== "number") return a.add(b);
  return typeof b === "number" ? a + b : b.add(a);
}
