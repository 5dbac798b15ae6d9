import { logSigmoid, type Tensor, type TensorArg } from "@tenon/numerics";
import { checkSameShape } from "../core/check-same-shape.ts";
import { type Loss, lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";

/** How much likelier than in the reference the policy makes each answer, in float64. */
export interface LogRatios {
  /** `log policy(chosen) - log reference(chosen)`. */
  readonly chosen: Tensor;
  /** `log policy(rejected) - log reference(rejected)`. */
  readonly rejected: Tensor;
  /** `chosen - rejected`. */
  readonly margin: Tensor;
}

/** Log-probabilities of pairs of answers: `loss(policyChosen, policyRejected, referenceChosen, referenceRejected, options)`. */
export type PreferenceLoss<O extends object> = Loss<
  [policyChosen: TensorArg, policyRejected: TensorArg, referenceChosen: TensorArg, referenceRejected: TensorArg],
  Partial<O>
>;

/** Defines a loss of pairs of answers by its value for the log-ratios of policy and reference. */
export function preferenceLoss<O extends object>(
  name: string,
  formula: (ratios: LogRatios, options: O) => Tensor,
  defaults: O,
  check: (options: O) => void,
): PreferenceLoss<O> {
  return lossFunction(
    name,
    (
      policyChosen: TensorArg,
      policyRejected: TensorArg,
      referenceChosen: TensorArg,
      referenceRejected: TensorArg,
      options: Partial<O>,
    ) => {
      const own = { ...defaults, ...options };
      check(own);
      const [a, b, c, d] = realDoubles(policyChosen, policyRejected, referenceChosen, referenceRejected);
      checkSameShape(name, { policyChosen: a, policyRejected: b, referenceChosen: c, referenceRejected: d });
      const [chosen, rejected] = [a.sub(c), b.sub(d)];
      return formula({ chosen, rejected, margin: chosen.sub(rejected) }, own);
    },
  );
}

/**
 * `-log sigmoid(x)`, and with smoothing `-(1 - s) log sigmoid(x) - s log sigmoid(-x)`: the cross entropy of a preference that is wrong with
 * probability s.
 */
export function logisticLoss(x: Tensor, smoothing = 0): Tensor {
  const right = logSigmoid(x).neg();
  return smoothing === 0 ? right : right.mul(1 - smoothing).sub(logSigmoid(x.neg()).mul(smoothing));
}
