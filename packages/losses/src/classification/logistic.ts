import { logSigmoid, sigmoid, type Tensor, where } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { powerOf } from "./power-of.ts";

// What losses of single logits share: z the logit, t the target from 0 to 1, p = sigmoid(z).

/** Where a focusing factor has long been constant, so that no derivative of 0 meets an infinite loss. */
export function bounded(z: Tensor): Tensor {
  return z.clamp({ min: -700, max: 700 });
}

/** `1 - p_t` with `p_t = t p + (1 - t) (1 - p)`, as a sum of what does not cancel. */
function shareOfMistake(z: Tensor, t: Tensor): Tensor {
  const x = bounded(z);
  return sigmoid(x.neg())
    .mul(t)
    .add(sigmoid(x).mul(t.neg().add(1)));
}

/** `share * loss(softplus(z))`, which is 0 where the share is 0 even if z is infinite. */
export function shareOfSoftplus(share: Tensor, z: Tensor, loss: (surprise: Tensor) => Tensor = (s) => s): Tensor {
  const none = share.eq(0).logicalAnd(z.eq(Number.POSITIVE_INFINITY));
  return loss(logSigmoid(where(none, 0, z).neg()).neg()).mul(share);
}

/** Factor of a target: alpha for 1, 1 - alpha for 0, in between by share; nothing for null. */
export function balanced(losses: Tensor, t: Tensor, alpha: number | null): Tensor {
  return alpha === null ? losses : losses.mul(t.mul(2 * alpha - 1).add(1 - alpha));
}

/** `losses * (1 - p_t)^gamma` */
export function focused(losses: Tensor, z: Tensor, t: Tensor, gamma: number): Tensor {
  return gamma === 0 ? losses : losses.mul(powerOf(shareOfMistake(z, t), gamma));
}

/** @throws ArgumentError */
export function checkAlpha(op: string, alpha: number | null): void {
  checkOption(op, "alpha", alpha, "from 0 to 1, or null", alpha === null || (alpha >= 0 && alpha <= 1));
}

/** @throws ArgumentError for the first that is negative. */
export function checkNotNegative(op: string, options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) checkOption(op, name, value, "0 or more", value >= 0);
}
