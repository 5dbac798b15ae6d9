import { ArgumentError, adamStep_, type Tensor } from "@tenon/numerics";
import { Optimizer, type ParameterGroup, type ParameterLike, type ParameterState, stateTensor } from "./optimizer.ts";

export interface AdamOptions {
  /** Learning rate. Default 0.001. */
  lr: number;
  /** Decay rates of the running means of the gradient and of its square. Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the root of the second moment, after its bias correction. Default 1e-8. */
  eps: number;
  /** Adam: L2 penalty added to the gradient, default 0. AdamW: share of the weight taken off, times lr, default 0.01. */
  weightDecay: number;
  /** Divides by the greatest second moment so far (Reddi, Kale, Kumar 2018). Default false. */
  amsgrad: boolean;
  /** Climbs instead of descending. Default false. */
  maximize: boolean;
}

type AdamArguments = [
  params: Iterable<ParameterLike> | readonly ParameterGroup<AdamOptions>[],
  options?: Partial<AdamOptions>,
];

const defaults = {
  lr: 0.001,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  amsgrad: false,
  maximize: false,
} as const;

function checkAdam(op: string, { betas, eps, weightDecay }: AdamOptions): void {
  const inRange = betas.every((beta) => beta >= 0 && beta < 1);
  if (!inRange || !(eps >= 0) || !(weightDecay >= 0)) {
    throw new ArgumentError({
      op,
      rule: "betas must lie in [0, 1), eps and weightDecay must be 0 or more",
      received: `betas [${betas.join(", ")}], eps ${eps}, weightDecay ${weightDecay}`,
    });
  }
}

function adamUpdate(
  parameter: Tensor,
  gradient: Tensor,
  options: AdamOptions,
  state: ParameterState,
  decoupled: boolean,
): void {
  state.expAvg ??= stateTensor(parameter);
  state.expAvgSq ??= stateTensor(parameter);
  if (options.amsgrad) state.maxExpAvgSq ??= stateTensor(parameter);
  state.step = ((state.step as number | undefined) ?? 0) + 1;
  const greatest = options.amsgrad ? (state.maxExpAvgSq as Tensor) : null;
  adamStep_(parameter, gradient, state.expAvg as Tensor, state.expAvgSq as Tensor, greatest, {
    ...options,
    step: state.step,
    decoupled,
  });
}

/**
 * Adam.
 *
 *     g = grad + weightDecay * p
 *     m = beta1 * m + (1 - beta1) * g,   v = beta2 * v + (1 - beta2) * g^2
 *     p = p - lr * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)
 *
 * Source: Kingma, Ba, "Adam: a method for stochastic optimization" (ICLR 2015).
 */
export class Adam extends Optimizer<AdamOptions> {
  constructor(...[params, options = {}]: AdamArguments) {
    super(params, { ...defaults, ...options });
  }

  protected override check(options: AdamOptions): void {
    super.check(options);
    checkAdam("Adam", options);
  }

  protected override update(parameter: Tensor, gradient: Tensor, options: AdamOptions, state: ParameterState): void {
    adamUpdate(parameter, gradient, options, state, false);
  }
}

/**
 * Adam with weight decay apart from the gradient: `p = (1 - lr * weightDecay) * p` before Adam's step.
 * Source: Loshchilov, Hutter, "Decoupled weight decay regularization" (ICLR 2019).
 */
export class AdamW extends Optimizer<AdamOptions> {
  constructor(...[params, options = {}]: AdamArguments) {
    super(params, { ...defaults, weightDecay: 0.01, ...options });
  }

  protected override check(options: AdamOptions): void {
    super.check(options);
    checkAdam("AdamW", options);
  }

  protected override update(parameter: Tensor, gradient: Tensor, options: AdamOptions, state: ParameterState): void {
    adamUpdate(parameter, gradient, options, state, true);
  }
}
