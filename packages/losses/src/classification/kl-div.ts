import { ArgumentError, divergenceError, type Tensor, type TensorArg } from "@tenon/numerics";
import { defineLoss, type ElementwiseLossOptions } from "../core/define-loss.ts";
import { doubles } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { checkReduction, type Losses, type LossParts, type Reduction } from "../core/reduction.ts";

export interface KLDivOptions extends Omit<ElementwiseLossOptions, "reduction" | "weight"> {
  /** "mean" divides by the number of elements, "batchmean" by the first dimension's size: the divergence proper, per sample. Default "mean". */
  readonly reduction?: Reduction | "batchmean";
  /** Whether the target holds log-probabilities too. Default false. */
  readonly logTarget?: boolean;
  /**
   * Where the classes lie: their terms are added first, so that "none" gives divergences and "mean" is their mean. Default: every term is a loss, as
   * PyTorch has it.
   */
  readonly dim?: number;
}

/** `Loss` with one more reduction. */
export interface KLDivFunction {
  (input: TensorArg, target: TensorArg, options?: KLDivOptions): Tensor;
  /** The mean's sum and divisor apart, for a mean over several batches: `meanOfParts`. */
  parts(input: TensorArg, target: TensorArg, options?: KLDivOptions): LossParts;
}

const pointwise = /* @__PURE__ */ defineLoss<{ readonly logTarget: boolean }>(
  "klDiv",
  (input, target, { logTarget }) => divergenceError(input, target, { logTarget, reduction: "none" }),
  {
    fused: (input, target, { logTarget, reduction }) => divergenceError(input, target, { logTarget, reduction }),
    defaults: { logTarget: false },
    precision: "input",
  },
);

/** Divergences proper: terms added along `dim`, or all of them over the first dimension's size. */
const divergences = /* @__PURE__ */ lossFunction(
  "klDiv",
  (input: TensorArg, target: TensorArg, { dim, ...rest }: Omit<KLDivOptions, "reduction">): Losses => {
    const terms = pointwise(...doubles(input, target), { ...rest, reduction: "none" });
    return dim === undefined ? { losses: terms, divisor: terms.shape[0] ?? 1 } : { losses: terms.sum(dim) };
  },
);

/**
 * Kullback-Leibler divergence of the model's log-probabilities `input` from the probabilities `target`: pointwise
 * `target (log target - input)`, 0 where the target is 0; with `logTarget` `exp(target) (target - input)`.
 *
 * Shapes: input and target alike (or one stretched to the other's); to a scalar, or the same shape with `reduction: "none"`. The default is PyTorch's,
 * in which "mean" divides by the classes too: for the divergence in the mathematical sense say where the classes are (`dim: 1`), or use "batchmean",
 * which divides the sum by the first dimension's size whatever that is. `klDivLogits` takes logits, and is exact where both distributions are close.
 * Source: Kullback and Leibler, "On Information and Sufficiency" (1951).
 * @throws ShapeError if the shapes would stretch each other (`broadcast: true` allows it); ArgumentError for an unknown reduction, or "batchmean" with `dim`.
 * Differs from PyTorch: 0 instead of NaN where a target of 0 meets an input of -inf, and at log-targets of -inf.
 * @example klDiv([[-1, -0.5]], [[0.25, 0.75]], { dim: 1 }).item() // 0.06266485899686813
 */
export const klDiv: KLDivFunction = /* @__PURE__ */ Object.assign(
  (input: TensorArg, target: TensorArg, options: KLDivOptions = {}): Tensor => {
    const { loss, settings } = formOf(options);
    return loss(input, target, settings);
  },
  {
    parts: (input: TensorArg, target: TensorArg, options: KLDivOptions = {}): LossParts => {
      const { loss, settings } = formOf(options);
      return loss.parts(input, target, settings);
    },
  },
);

function formOf({ reduction = "mean", dim, ...rest }: KLDivOptions) {
  checkReduction("klDiv", reduction, ["batchmean"]);
  if (reduction === "batchmean") {
    if (dim !== undefined) throw twoMeans();
    return { loss: divergences, settings: { ...rest, reduction: "mean" } } as const;
  }
  if (dim === undefined) return { loss: pointwise, settings: { ...rest, reduction } } as const;
  return { loss: divergences, settings: { ...rest, dim, reduction } } as const;
}

function twoMeans(): ArgumentError {
  return new ArgumentError({
    op: "klDiv",
    rule: '"batchmean" and dim both say what the mean divides by',
    received: 'reduction "batchmean" with dim',
    hint: 'Leave out one of them: with dim, "mean" is the mean of the divergences',
  });
}

/** `klDiv` with its options kept. */
export const KLDivLoss = /* @__PURE__ */ lossClass("KLDivLoss", klDiv);
