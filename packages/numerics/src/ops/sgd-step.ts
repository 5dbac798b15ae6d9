import { ShapeError } from "../errors.ts";
import { floatDType } from "../families/along-dim.ts";
import { engine } from "../runtime.ts";
import { formatShape, sameShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";
import { copy_ } from "./copy-into.ts";
import { to } from "./to.ts";

export interface SgdStepOptions {
  readonly lr: number;
  readonly momentum: number;
  readonly dampening: number;
  readonly weightDecay: number;
  readonly nesterov: boolean;
  readonly maximize: boolean;
  /** Whether this is the buffer's first step, which takes the gradient undamped. */
  readonly first: boolean;
}

/** A parameter's values where a kernel can change them: itself, or a row-major copy to be written back. */
export function inPlace(
  op: string,
  parameter: Tensor,
  state: readonly (Tensor | null)[],
  run: (p: Tensor) => void,
): void {
  for (const tensor of state) {
    if (tensor !== null && !sameShape(tensor.shape, parameter.shape)) {
      throw new ShapeError({
        op,
        rule: "parameter, gradient and state must have one shape",
        received: formatShape(tensor.shape),
        expected: formatShape(parameter.shape),
      });
    }
  }
  const dense = contiguous(parameter);
  if (dense.size > 0) run(dense);
  if (dense !== parameter) {
    copy_(parameter, dense);
    dense.dispose();
  } else {
    parameter.storage.version++;
  }
}

/** The gradient as a row-major tensor of the parameter's dtype. */
export function denseGradient(gradient: Tensor, parameter: Tensor): Tensor {
  return contiguous(to(gradient, parameter.dtype));
}

/**
 * One step of stochastic gradient descent on `parameter` and its momentum `buffer` (null without momentum), in place:
 *
 *     g = (maximize ? -grad : grad) + weightDecay * p
 *     b = first ? g : momentum * b + (1 - dampening) * g
 *     p = p - lr * (nesterov ? g + momentum * b : b)
 *
 * For optimizers: it is not recorded. @throws ShapeError, DTypeError.
 */
export function sgdStep_(parameter: Tensor, gradient: Tensor, buffer: Tensor | null, options: SgdStepOptions): void {
  const { lr, momentum, dampening, weightDecay, nesterov, maximize, first } = options;
  const dtype = floatDType("sgdStep_", parameter);
  inPlace("sgdStep_", parameter, [gradient, buffer], (p) => {
    const g = denseGradient(gradient, p);
    engine().kernels.sgdStep[dtype](
      p.ptr,
      g.ptr,
      buffer?.ptr ?? 0,
      p.size,
      lr,
      momentum,
      dampening,
      weightDecay,
      nesterov ? 1 : 0,
      maximize ? 1 : 0,
      first ? 1 : 0,
    );
    if (g !== gradient) g.dispose();
  });
}
