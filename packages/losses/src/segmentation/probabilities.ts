import { ArgumentError, exp, expm1, gather, logSoftmax, sigmoid, type Tensor, where } from "@tenon/numerics";
import { checkOneOf } from "../core/check-option.ts";

/** What makes probabilities of a network's output. */
export type Activation = "none" | "sigmoid" | "softmax";

/** Probabilities `[N, C, P]` and their complements, both exact: 1 - p of a confident pixel keeps all its digits. */
export interface Probabilities {
  readonly p: Tensor;
  /** `1 - p`. */
  q(): Tensor;
  /** Both for one class of each pixel, named by `index` `[N, 1, P]`. */
  at(index: Tensor): { readonly p: Tensor; readonly q: Tensor };
}

interface Form {
  /** What both are computed from. */
  readonly base: Tensor;
  readonly p: (base: Tensor) => Tensor;
  readonly q: (base: Tensor) => Tensor;
}

function formOf(x: Tensor, activation: Activation): Form {
  if (activation === "softmax") {
    // 1 - softmax is -expm1 of its logarithm; a subtraction would leave nothing of a probability near 1.
    return { base: logSoftmax(x, 1), p: exp, q: (logs) => expm1(logs).neg() };
  }
  if (activation === "sigmoid") return { base: x, p: sigmoid, q: (z) => sigmoid(z.neg()) };
  return { base: x, p: (v) => v, q: (v) => v.neg().add(1) };
}

/**
 * The probabilities of `x` `[N, C, P]`; 0 for both p and 1 - p where `kept` (`[N, 1, P]` or `[N, C, P]`) is false.
 * @throws ArgumentError for an unknown activation, and for a softmax over one channel, which would be 1 everywhere.
 */
export function probabilities(op: string, x: Tensor, activation: Activation, kept: Tensor | undefined): Probabilities {
  checkOneOf(op, "activation", activation, ["none", "sigmoid", "softmax"]);
  if (activation === "softmax" && x.shape[1] === 1) {
    throw new ArgumentError({
      op,
      rule: "a softmax needs more than one class",
      received: "one channel",
      hint: 'For a foreground channel use activation: "sigmoid"',
    });
  }
  const { base, p, q } = formOf(x, activation);
  const masked = (values: Tensor) => (kept === undefined ? values : where(kept, values, 0));
  return {
    p: masked(p(base)),
    q: () => masked(q(base)),
    at: (index) => {
      const chosen = gather(base, 1, index);
      return { p: masked(p(chosen)), q: masked(q(chosen)) };
    },
  };
}
