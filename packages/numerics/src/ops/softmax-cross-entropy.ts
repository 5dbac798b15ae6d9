import { isGradEnabled } from "../autograd/grad-mode.ts";
import { asTensor } from "../create.ts";
import {
  asClassTarget,
  type ClassLossAttrs,
  type ClassLossInputs,
  type ClassLossOptions,
  checkClassLoss,
  classDim,
  classLossInputs,
  rowsShape,
} from "../families/class-loss.ts";
import { lowerClassLoss } from "../families/class-loss-onnx.ts";
import { takeStored } from "../families/stored-gradient.ts";
import type { Kernels } from "../generated/kernels.ts";
import { apply, applyMulti, type ManyOutputs, type OneOutput, unsupported } from "../op.ts";
import { engine, isTracing } from "../runtime.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";
import { crossEntropySecondGradient } from "./softmax-cross-entropy-second.ts";
import { to } from "./to.ts";

const OP = "softmaxCrossEntropy";

export interface CrossEntropyAttrs extends ClassLossAttrs {
  /** Computes the gradient with the loss: second output. */
  readonly withGradient: boolean;
  /** Gives the rows' losses in float64. */
  readonly exactRows: boolean;
}

function run(
  k: Kernels,
  { x, target, probability, weight, divisor, sizes }: ClassLossInputs,
  attrs: CrossEntropyAttrs,
) {
  const kernel = k.crossEntropy[x.dtype as "float32"];
  const mean = attrs.reduction === "mean" ? divisor.ptr : 0;
  return (rows: number, grad: number, rowScale: number) =>
    kernel(
      x.ptr,
      target?.ptr ?? 0,
      probability?.ptr ?? 0,
      weight?.ptr ?? 0,
      rowScale,
      mean,
      rows,
      grad,
      ...sizes,
      attrs.ignoreIndex,
      attrs.smoothing,
      attrs.exactRows ? 1 : 0,
    );
}

const definition: ManyOutputs<CrossEntropyAttrs> = {
  name: OP,
  shape: ([x], { dim, reduction, withGradient, exactRows }) => {
    const dtype = exactRows && reduction === "none" ? "float64" : x!.dtype;
    const loss = { shape: reduction === "none" ? rowsShape(x!.shape, dim) : [], dtype } as const;
    return withGradient ? [loss, { shape: x!.shape, dtype: x!.dtype }] : [loss];
  },
  forward: (k, inputs, attrs, [lossSpec, gradSpec]) => {
    const prepared = classLossInputs(k, inputs, attrs);
    const { divisor, rows } = prepared;
    const loss = allocate(lossSpec!.shape, lossSpec!.dtype);
    const grad = gradSpec === undefined ? null : allocate(gradSpec.shape, gradSpec.dtype);
    const scratch = engine().scratch(8 * rows);
    run(k, prepared, attrs)(scratch, grad?.ptr ?? 0, 0);
    const each = attrs.reduction === "none" ? 1 : 0;
    const mean = attrs.reduction === "mean" ? divisor.ptr : 0;
    k.foldRows[lossSpec!.dtype as "float32"](scratch, loss.ptr, mean, 1, rows, each);
    return grad === null ? [loss] : [loss, grad];
  },
  gradient: ({ inputs, outputs, dy, attrs, needs }) => {
    const early = isGradEnabled() || !attrs.withGradient ? null : takeStored(outputs[1]!, dy, attrs);
    const dx = needs[0] ? (early ?? apply(gradDefinition, [dy, ...inputs], attrs)) : null;
    return [dx, needs[1] ? crossEntropySecondGradient.target(inputs, dy, attrs) : null];
  },
  saves: { inputs: "all", outputs: "all" },
  onnx: (g, inputs, attrs) => lowerClassLoss(g, "SoftmaxCrossEntropyLoss", inputs, attrs),
};

/** The gradient with respect to the logits: inputs dy, logits, target, weight. */
const gradDefinition: OneOutput<CrossEntropyAttrs> = {
  name: "softmaxCrossEntropyGrad",
  shape: ([, x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  forward: (k, [dy, ...inputs], attrs, spec) => {
    const prepared = classLossInputs(k, inputs, attrs);
    const dx = allocate(spec.shape, spec.dtype);
    const each = attrs.reduction === "none";
    const g = contiguous(to(dy!, spec.dtype));
    run(k, prepared, attrs)(0, dx.ptr, each ? g.ptr : 0);
    if (!each) k.scaleInPlace[spec.dtype as "float32"](dx.ptr, g.ptr, dx.size);
    return dx;
  },
  gradient: ({ inputs: [g, ...inputs], dy, attrs }) => crossEntropySecondGradient.logits(g!, inputs, dy, attrs),
  onnx: unsupported("it appears in gradients only"),
};

export interface SoftmaxCrossEntropyOptions extends ClassLossOptions {
  /** Factor for each class. Default 1. */
  readonly weight?: TensorArg;
  /** Share of the target that is spread over all classes, the right one included. Default 0. */
  readonly labelSmoothing?: number;
  /** With `reduction: "none"`: gives the rows' losses in float64, for a formula that goes on with them. Default false. */
  readonly exactRows?: boolean;
}

/**
 * Cross entropy of logits against class indices (integers) or probabilities (floats of the input's shape), fused with its softmax.
 *
 *     loss_row = -sum_c weight_c q_c log softmax(x)_c,   q = (1 - s) target + s / C
 *
 * input `[N, C, ...]` with class indices `[N, ...]` or probabilities `[N, C, ...]` gives a scalar, or `[N, ...]` with `reduction: "none"`.
 * "mean" divides by the weights of the targets not ignored; for probabilities by the number of rows.
 *
 * Float64 inside, log1p of the others' sum where the winner dominates: at most 1 unit in the last place, gradient 2. 20 against 0 gives
 * 2.0611536e-9 with gradient -2.0611536e-9. The gradient is written in the same pass, so that nothing but it is kept for `backward()`.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * Differs from PyTorch: exact for confident rows; 0 * log 0 = 0; rows with an infinity are their limits; `dim` chooses the classes' place.
 */
export function softmaxCrossEntropy(
  input: TensorArg,
  target: TensorArg,
  options: SoftmaxCrossEntropyOptions = {},
): Tensor {
  const { reduction = "mean", ignoreIndex = -100, labelSmoothing = 0, exactRows = false, dim, op = OP } = options;
  const x = asTensor(input);
  const t = asClassTarget(x, target);
  const weight = options.weight === undefined ? null : to(asTensor(options.weight), x.dtype);
  const attrs = { op, dim: classDim(op, x, dim), reduction, ignoreIndex, smoothing: labelSmoothing };
  checkClassLoss(x, t, weight, attrs);
  const inputs = weight === null ? [x, t] : [x, t, weight];
  const wanted = isGradEnabled() && x.requiresGrad && !isTracing();
  const [loss, grad] = applyMulti(definition, inputs, { ...attrs, exactRows, withGradient: wanted });
  // The tape alone keeps the gradient.
  grad?.dispose();
  return loss!;
}
