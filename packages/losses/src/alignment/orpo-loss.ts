import { expm1, log1mexp, log1p, type Tensor, type TensorArg, where } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { checkSameShape } from "../core/check-same-shape.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { oneOrEach } from "../core/option-tensor.ts";
import { realDoubles } from "../core/real-doubles.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { logisticLoss } from "./preference.ts";

const OP = "orpoLoss";

export interface ORPOLossOptions extends ReductionOptions {
  /** Weight of the odds ratio beside the likelihood. Default 0.1. */
  readonly lambda?: number;
  /** The language-modelling loss of the chosen answers, `[...S]` or a scalar, where it covers other tokens than `chosen` does. Default `-chosen`. */
  readonly nll?: TensorArg;
}

/**
 * Odds ratio preference optimization: the chosen answer's likelihood and the odds of chosen against rejected, without a reference model.
 *
 *     loss = nll - lambda log sigmoid(log odds(chosen) - log odds(rejected)),    log odds(l) = l - log(1 - e^l)
 *
 * Shapes: mean log-probabilities per token `[...S]` of the chosen and the rejected answers (`sequenceLogProbs` with `reduction: "mean"`); to a scalar,
 * or `[...S]` with `reduction: "none"`.
 *
 * `log(1 - e^l)` is `log1mexp`, exact for answers that are nearly certain; where the chosen one is likely, the loss is evaluated as `log(1 + odds(rejected)
 * / odds(chosen))` with `1 / odds = e^-l - 1`, so that value and gradient are finite at probability 1, too. The usual form gives NaN there.
 * Source: Hong et al., "ORPO: Monolithic Preference Optimization without Reference Model" (2024), arXiv 2403.07691.
 * @throws ArgumentError for a negative lambda; ShapeError.
 * @example orpoLoss([-0.5], [-1]).item() // 0.5320299863815308
 */
export const orpoLoss = /* @__PURE__ */ lossFunction(
  OP,
  (chosen: TensorArg, rejected: TensorArg, { lambda = 0.1, nll }: ORPOLossOptions) => {
    checkOption(OP, "lambda", lambda, "0 or more", lambda >= 0);
    const [w, l] = realDoubles(chosen, rejected);
    checkSameShape(OP, { chosen: w, rejected: l });
    const likelihood = nll === undefined ? w.neg() : oneOrEach(OP, { nll }, { chosen: w });
    return oddsRatioLoss(w, l).mul(lambda).add(likelihood);
  },
);

/** `orpoLoss` with its options kept. */
export const ORPOLoss = /* @__PURE__ */ lossClass("ORPOLoss", orpoLoss);

function oddsRatioLoss(chosen: Tensor, rejected: Tensor): Tensor {
  const likely = chosen.gt(-1);
  const odds = logOdds(rejected);
  // Where the other form is taken, infinite odds would give this one's derivative 0 times infinity.
  const near = log1p(
    where(likely, odds, 0)
      .exp()
      .mul(expm1(where(likely, chosen, -1).neg())),
  );
  const far = logisticLoss(logOdds(where(likely, -1, chosen)).sub(odds));
  return where(likely, near, far);
}

function logOdds(logProb: Tensor): Tensor {
  return logProb.sub(log1mexp(logProb.neg()));
}
