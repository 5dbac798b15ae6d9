import { floatDType } from "../families/along-dim.ts";
import { engine } from "../runtime.ts";
import type { Tensor } from "../tensor.ts";
import { denseGradient, inPlace } from "./sgd-step.ts";

export interface AdamStepOptions {
  readonly lr: number;
  readonly betas: readonly [number, number];
  readonly eps: number;
  readonly weightDecay: number;
  readonly maximize: boolean;
  /** This step's number, from 1. */
  readonly step: number;
  /** AdamW: the decay shrinks the parameter instead of entering the gradient. */
  readonly decoupled: boolean;
}

/**
 * One step of Adam on `parameter` and its moments, in place. `greatest` (amsgrad) is null or the largest second moment so far.
 *
 *     p = (1 - lr * weightDecay) * p                      if decoupled, else g = g + weightDecay * p
 *     m = beta1 * m + (1 - beta1) * g,   v = beta2 * v + (1 - beta2) * g^2
 *     p = p - lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
 *
 * For optimizers: it is not recorded. @throws ShapeError, DTypeError.
 */
export function adamStep_(
  parameter: Tensor,
  gradient: Tensor,
  mean: Tensor,
  square: Tensor,
  greatest: Tensor | null,
  options: AdamStepOptions,
): void {
  const { lr, betas, eps, weightDecay, maximize, step, decoupled } = options;
  const dtype = floatDType("adamStep_", parameter);
  const stepSize = lr / (1 - betas[0] ** step);
  const rootCorrection = Math.sqrt(1 - betas[1] ** step);
  inPlace("adamStep_", parameter, [gradient, mean, square, greatest], (p) => {
    const g = denseGradient(gradient, p);
    engine().kernels.adamStep[dtype](
      p.ptr,
      g.ptr,
      mean.ptr,
      square.ptr,
      greatest?.ptr ?? 0,
      p.size,
      lr,
      betas[0],
      betas[1],
      eps,
      weightDecay,
      stepSize,
      rootCorrection,
      decoupled ? 1 : 0,
      maximize ? 1 : 0,
    );
    if (g !== gradient) g.dispose();
  });
}
