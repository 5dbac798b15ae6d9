import { asIndexTensor, asTensor, zeros } from "../create.ts";
import { isFloatingPoint } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import {
  type ClassLossAttrs,
  type ClassLossOptions,
  checkClassLoss,
  classDim,
  classLossInputs,
  rowsShape,
} from "../families/class-loss.ts";
import { lowerClassLoss } from "../families/class-loss-onnx.ts";
import { apply, type OneOutput, unsupported } from "../op.ts";
import { engine } from "../runtime.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";
import { to } from "./to.ts";

const definition: OneOutput<ClassLossAttrs> = {
  name: "nll",
  shape: ([x], { dim, reduction }) => ({
    shape: reduction === "none" ? rowsShape(x!.shape, dim) : [],
    dtype: x!.dtype,
  }),
  forward: (k, inputs, attrs, spec) => {
    const { x, target, weight, divisor, sizes, rows } = classLossInputs(k, inputs, attrs);
    const dtype = spec.dtype as "float32";
    const y = allocate(spec.shape, dtype);
    const scratch = engine().scratch(8 * rows);
    k.nll[dtype](x.ptr, target!.ptr, weight?.ptr ?? 0, scratch, ...sizes, attrs.ignoreIndex);
    const mean = attrs.reduction === "mean" ? divisor.ptr : 0;
    k.foldRows[dtype](scratch, y.ptr, mean, 1, rows, attrs.reduction === "none" ? 1 : 0);
    return y;
  },
  gradient: ({ inputs: [x, ...rest], dy, attrs }) => [apply(gradDefinition, [dy, x!, ...rest], attrs)],
  onnx: (g, inputs, attrs) => lowerClassLoss(g, "NegativeLogLikelihoodLoss", inputs, attrs),
};

/** The gradient with respect to the log-probabilities: inputs dy, log-probabilities, target, weight. Linear in dy. */
const gradDefinition: OneOutput<ClassLossAttrs> = {
  name: "nllGrad",
  shape: ([, x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  forward: (k, [dy, ...inputs], attrs, spec) => {
    const { target, weight, divisor, sizes } = classLossInputs(k, inputs, attrs);
    const dx = zeros(spec.shape, { dtype: spec.dtype });
    const mean = attrs.reduction === "mean" ? divisor.ptr : 0;
    const each = attrs.reduction === "none" ? 1 : 0;
    const g = contiguous(dy!);
    k.nllGrad[spec.dtype as "float32"](
      g.ptr,
      each,
      target!.ptr,
      weight?.ptr ?? 0,
      mean,
      dx.ptr,
      ...sizes,
      attrs.ignoreIndex,
    );
    return dx;
  },
  gradient: ({ inputs: [, , ...rest], dy: v, attrs }) => [apply(definition, [v, ...rest], attrs)],
  onnx: unsupported("it appears in gradients only"),
};

export interface NllOptions extends ClassLossOptions {
  /** Factor for each class. Default 1. */
  readonly weight?: TensorArg;
}

/**
 * Negative log likelihood of log-probabilities: `loss_row = -weight[target] * x[target]`.
 * input `[N, C, ...]`, class indices `[N, ...]`; gives a scalar, or `[N, ...]` with `reduction: "none"`. "mean" divides by the weights of the
 * targets not ignored. Prefer `softmaxCrossEntropy` on logits: it cannot lose what a logarithm of a rounded softmax loses.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 */
export function nll(input: TensorArg, target: TensorArg, options: NllOptions = {}): Tensor {
  const { reduction = "mean", ignoreIndex = -100, dim, op = "nll" } = options;
  const x = asTensor(input);
  const t = asIndexTensor(target);
  if (isFloatingPoint(t.dtype)) {
    throw new DTypeError({
      op,
      rule: "targets must be class indices",
      received: t.dtype,
      hint: "For probabilities use softmaxCrossEntropy on logits, or klDiv",
    });
  }
  const weight = options.weight === undefined ? null : to(asTensor(options.weight), x.dtype);
  const attrs = { op, dim: classDim(op, x, dim), reduction, ignoreIndex, smoothing: 0 };
  checkClassLoss(x, t, weight, attrs);
  return apply(definition, weight === null ? [x, t] : [x, t, weight], attrs);
}
