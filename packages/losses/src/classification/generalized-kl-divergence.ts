import { asTensor, exp, log, normalizeDim, type TensorArg, where } from "@tenon/numerics";
import { checkSameShape } from "../core/check-same-shape.ts";
import { doubles } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { excess } from "./excess.ts";

export interface GeneralizedKlDivergenceOptions extends ReductionOptions {
  /** The dimension of the distributions. Default the last. */
  readonly dim?: number;
  /** Which elements belong to the distributions (bool, the input's shape or one that broadcasts to it). Default all. */
  readonly mask?: TensorArg;
}

/**
 * Kullback-Leibler divergence of measures that need not sum to 1: `loss = sum_c [t_c (log t_c - x_c) + exp(x_c) - t_c]`, the input holding logarithms. It is
 * convex in both, 0 only where they agree, and the usual divergence where both sum to 1.
 *
 * Shapes: input and target alike, `[..., C]`; to a scalar, or without the distributions' dimension with `reduction: "none"`. "mean" divides by the number
 * of distributions. Each term is `t (e^r - 1 - r)` with `r = x - log t`, which is never negative and does not cancel; `exp(x)` where the target is 0.
 * Source: Boyd and Vandenberghe, "Convex Optimization" (2004), p. 90.
 * @throws ShapeError unless the shapes agree.
 * @example generalizedKlDivergence([[-1, 0]], [[0.5, 2]]).item() // 0.4076002240180969
 */
export const generalizedKlDivergence = /* @__PURE__ */ lossFunction(
  "generalizedKlDivergence",
  (input: TensorArg, target: TensorArg, options: GeneralizedKlDivergenceOptions) => {
    const op = "generalizedKlDivergence";
    const [given, t] = doubles(input, target);
    checkSameShape(op, { input: given, target: t });
    const kept = options.mask === undefined ? undefined : asTensor(options.mask).to("bool");
    const x = kept === undefined ? given : where(kept, given, 0);
    const some = kept === undefined ? t.ne(0) : t.ne(0).logicalAnd(kept);
    const safe = where(some, t, 1);
    const r = where(some, x, 0).sub(log(safe));
    const terms = where(some, safe.mul(excess(r.neg())), exp(where(some, 0, x)));
    const counted = kept === undefined ? terms : where(kept, terms, 0);
    return counted.sum(normalizeDim(op, options.dim ?? -1, x.ndim));
  },
);

/** `generalizedKlDivergence` with its options kept. */
export const GeneralizedKlDivergenceLoss = /* @__PURE__ */ lossClass(
  "GeneralizedKlDivergenceLoss",
  generalizedKlDivergence,
);
