import { isGradEnabled } from "../autograd/grad-mode.ts";
import { asTensor } from "../create.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import {
  blankClass,
  checkLabels,
  checkLengths,
  checkLengthsShape,
  checkRank,
  readIntegers,
  wholeNumbers,
} from "../families/alignment-loss.ts";
import { floatDType } from "../families/along-dim.ts";
import { takeStored } from "../families/stored-gradient.ts";
import type { Kernels } from "../generated/kernels.ts";
import { apply, applyMulti, type ManyOutputs, nonDifferentiable, type OneOutput, unsupported } from "../op.ts";
import { engine, isTracing } from "../runtime.ts";
import { formatShape, sameShape } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";
import { expand } from "./expand.ts";
import { reshape } from "./reshape.ts";
import { to } from "./to.ts";

interface RnntAttrs {
  readonly op: string;
  readonly blank: number;
  readonly logits: boolean;
  /** 0 or less: off. */
  readonly clamp: number;
  /** Computes the gradient with the losses: second output. */
  readonly withGradient: boolean;
}

/** What a kernel call writes; 0 for what is not wanted. */
interface RnntCall {
  readonly rows: number;
  readonly grad?: number;
  readonly rowScale?: number;
  readonly direction?: number;
}

/** Checks labels and lengths, then gives the kernel as a function of what it shall write. */
function prepare(k: Kernels, inputs: readonly Tensor[], attrs: RnntAttrs): (call: RnntCall) => void {
  const [input, targets, inputLengths, targetLengths] = inputs as [Tensor, Tensor, Tensor, Tensor];
  const { op, blank } = attrs;
  const [batch, frames, positions, classes] = input.shape as [number, number, number, number];
  const x = contiguous(input);
  const labels = readIntegers(targets);
  const times = readIntegers(inputLengths);
  const lengths = readIntegers(targetLengths);
  checkLengths(op, "inputLengths", times.values, frames);
  checkLengths(op, "targetLengths", lengths.values, positions - 1);
  const offsets = Array.from({ length: batch }, (_, b) => BigInt(b * (positions - 1)));
  checkLabels(op, labels.values, { offsets, lengths: lengths.values }, { classes, blank });
  return ({ rows, grad = 0, rowScale = 0, direction = 0 }) => {
    k.rnnt[x.dtype as "float32"](
      x.ptr,
      direction,
      labels.tensor.ptr,
      times.tensor.ptr,
      lengths.tensor.ptr,
      rowScale,
      rows,
      grad,
      engine().scratch(8 * (10 * batch * frames * positions + 2 * batch)),
      batch,
      frames,
      positions,
      classes,
      blank,
      attrs.logits ? 1 : 0,
      attrs.clamp,
    );
  };
}

const definition: ManyOutputs<RnntAttrs> = {
  name: "rnnt",
  shape: ([x], { withGradient }) => {
    const rows = { shape: [x!.shape[0]!], dtype: "float64" } as const;
    return withGradient ? [rows, { shape: x!.shape, dtype: x!.dtype }] : [rows];
  },
  forward: (k, inputs, attrs, [rowsSpec, gradSpec]) => {
    const run = prepare(k, inputs, attrs);
    const rows = allocate(rowsSpec!.shape, "float64");
    const grad = gradSpec === undefined ? null : allocate(gradSpec.shape, gradSpec.dtype);
    run({ rows: rows.ptr, grad: grad?.ptr ?? 0 });
    return grad === null ? [rows] : [rows, grad];
  },
  gradient: ({ inputs, outputs, dy, attrs }) => {
    if (isGradEnabled() || !attrs.withGradient) return [apply(gradDefinition, [dy, ...inputs], attrs)];
    // One factor for each cell of each sample.
    const [batch, frames, positions] = inputs[0]!.shape as [number, number, number];
    const each = expand(reshape(dy, [batch, 1, 1]), [batch, frames, positions]);
    const early = takeStored(outputs[1]!, each, { reduction: "none", dim: 3 });
    return [early ?? apply(gradDefinition, [dy, ...inputs], attrs)];
  },
  saves: { inputs: "all", outputs: "all" },
  onnx: unsupported("ONNX has no operation for a sum over all alignments"),
};

/** The gradient with respect to the logits or log-probabilities: inputs dy, then those of the loss. */
const gradDefinition: OneOutput<RnntAttrs> = {
  name: "rnntGrad",
  shape: ([, x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  forward: (k, [dy, ...inputs], attrs, spec) => {
    const run = prepare(k, inputs, attrs);
    const dx = allocate(spec.shape, spec.dtype);
    const rows = allocate(dy!.shape, "float64");
    run({ rows: rows.ptr, grad: dx.ptr, rowScale: contiguous(to(dy!, "float64")).ptr });
    return dx;
  },
  gradient: ({ inputs, dy: v, attrs }) => applyMulti(secondDefinition, [v, ...inputs], attrs),
  onnx: unsupported("it appears in gradients only"),
};

/** Derivatives along v: of the losses, and of their gradient times dy. Inputs v, dy, then those of the loss. */
const secondDefinition: ManyOutputs<RnntAttrs> = {
  name: "rnntSecondGrad",
  shape: ([, dy, x], { op, clamp }) => {
    if (clamp > 0) {
      throw new ArgumentError({ op, rule: "a clamped gradient has no derivative", received: `clamp ${clamp}` });
    }
    return [
      { shape: dy!.shape, dtype: "float64" },
      { shape: x!.shape, dtype: x!.dtype },
    ];
  },
  forward: (k, [v, dy, ...inputs], attrs, [rowsSpec, gradSpec]) => {
    const run = prepare(k, inputs, attrs);
    const rows = allocate(rowsSpec!.shape, "float64");
    const grad = allocate(gradSpec!.shape, gradSpec!.dtype);
    const direction = contiguous(to(v!, gradSpec!.dtype)).ptr;
    run({ rows: rows.ptr, grad: grad.ptr, rowScale: contiguous(to(dy!, "float64")).ptr, direction });
    return [rows, grad];
  },
  gradient: nonDifferentiable("third derivatives of rnnt are not there"),
  onnx: unsupported("it appears in gradients only"),
};

export interface RnntOptions {
  /** The class that stands for no label; -1 is the last. Default -1. */
  readonly blank?: number;
  /** Keeps each element of a sample's gradient within this distance of 0 if it is positive. Default -1: off. */
  readonly clamp?: number;
  /** Whether the input is logits, whose log-softmax is fused with the loss, rather than log-probabilities. Default true. */
  readonly logits?: boolean;
  /** The function that errors name: a loss built on this operation gives its own. */
  readonly op?: string;
}

/**
 * RNN transducer: `-log P(target)` of each sample, P summed over all ways to give out the labels in order while the frames pass, in float64.
 *
 * Shapes: input `[B, T, U + 1, V]`, targets `[B, U]`, lengths `[B]`; to `[B]`. Cell (t, u) is the prediction at frame t after u labels. Besides the gradient,
 * in whose place the exponentials of the logits are kept, it needs 10 float64 numbers for each cell. Second derivatives are there.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for lengths and labels out of range; ArgumentError for the blank among the targets.
 */
export function rnnt(
  input: TensorArg,
  targets: TensorArg,
  inputLengths: TensorArg,
  targetLengths: TensorArg,
  options: RnntOptions = {},
): Tensor {
  const { blank = -1, clamp = -1, logits = true, op = "rnnt" } = options;
  const x = asTensor(input);
  floatDType(op, x);
  checkRank(op, "input", x.shape, 4, "[B, T, U + 1, V]");
  const [batch, , positions, classes] = x.shape as [number, number, number, number];
  const labels = wholeNumbers(op, "targets", targets);
  if (positions < 1 || !sameShape(labels.shape, [batch, positions - 1])) {
    throw new ShapeError({
      op,
      rule: "the input needs one more position than there are targets",
      received: `targets ${formatShape(labels.shape)} for input ${formatShape(x.shape)}`,
      expected: `[${batch}, ${Math.max(0, positions - 1)}]`,
    });
  }
  const times = wholeNumbers(op, "inputLengths", inputLengths);
  const lengths = wholeNumbers(op, "targetLengths", targetLengths);
  checkLengthsShape(op, "inputLengths", times, batch);
  checkLengthsShape(op, "targetLengths", lengths, batch);
  const withGradient = isGradEnabled() && x.requiresGrad && !isTracing();
  const attrs = { op, blank: blankClass(op, blank, classes), clamp, logits, withGradient };
  const [rows, grad] = applyMulti(definition, [x, labels, times, lengths], attrs);
  // The tape alone keeps the gradient.
  grad?.dispose();
  return rows!;
}
