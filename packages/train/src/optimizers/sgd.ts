import { ArgumentError, sgdStep_, type Tensor } from "@tenon/numerics";
import { Optimizer, type ParameterGroup, type ParameterLike, type ParameterState, stateTensor } from "./optimizer.ts";

export interface SGDOptions {
  /** Learning rate. */
  lr: number;
  /** Default 0. */
  momentum: number;
  /** Damping of the gradient as it enters the momentum buffer. Default 0. */
  dampening: number;
  /** L2 penalty, added to the gradient. Default 0. */
  weightDecay: number;
  /** Looks ahead by the momentum. Needs a momentum and no dampening. Default false. */
  nesterov: boolean;
  /** Climbs instead of descending. Default false. */
  maximize: boolean;
}

/**
 * Stochastic gradient descent with momentum.
 *
 *     g = grad + weightDecay * p
 *     b = momentum * b + (1 - dampening) * g        (b = g at the first step)
 *     p = p - lr * (nesterov ? g + momentum * b : b)
 *
 * The learning rate stays outside the buffer, as in PyTorch. Source: Sutskever, Martens, Dahl, Hinton, "On the importance of
 * initialization and momentum in deep learning" (ICML 2013).
 * @throws ArgumentError for nesterov without momentum or with dampening, and for negative settings.
 */
export class SGD extends Optimizer<SGDOptions> {
  constructor(
    params: Iterable<ParameterLike> | readonly ParameterGroup<SGDOptions>[],
    options: Partial<SGDOptions> & { readonly lr: number },
  ) {
    super(params, { momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, maximize: false, ...options });
  }

  protected override check(options: SGDOptions): void {
    super.check(options);
    const { momentum, dampening, weightDecay, nesterov } = options;
    if (!(momentum >= 0) || !(weightDecay >= 0)) {
      throw new ArgumentError({
        op: "SGD",
        rule: "momentum and weightDecay must be 0 or more",
        received: `momentum ${momentum}, weightDecay ${weightDecay}`,
      });
    }
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      throw new ArgumentError({
        op: "SGD",
        rule: "nesterov needs a momentum and no dampening",
        received: `momentum ${momentum}, dampening ${dampening}`,
      });
    }
  }

  protected override update(parameter: Tensor, gradient: Tensor, options: SGDOptions, state: ParameterState): void {
    const first = state.momentumBuffer === undefined;
    if (options.momentum !== 0 && first) state.momentumBuffer = stateTensor(parameter);
    const buffer = options.momentum === 0 ? null : (state.momentumBuffer as Tensor);
    sgdStep_(parameter, gradient, buffer, { ...options, first });
  }
}
