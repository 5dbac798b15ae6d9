import { isGradEnabled } from "../autograd/grad-mode.ts";
import { asTensor, fromTypedArray } from "../create.ts";
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
import { formatShape } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";
import { expand } from "./expand.ts";
import { unsqueeze } from "./squeeze.ts";
import { to } from "./to.ts";

interface CtcAttrs {
  readonly op: string;
  readonly blank: number;
  readonly logits: boolean;
  readonly zeroInfinity: boolean;
  /** Computes the gradient with the losses: second output. */
  readonly withGradient: boolean;
}

/** What a kernel call writes; 0 for what is not wanted. */
interface CtcCall {
  readonly rows?: number;
  readonly grad?: number;
  readonly rowScale?: number;
  readonly direction?: number;
}

/** A row of the kernel's states is this much longer than their number. */
const STATE_PADDING = 12;

/** Checks labels and lengths, then gives the kernel as a function of what it shall write. `x` must be contiguous in its classes. */
function prepare(k: Kernels, inputs: readonly Tensor[], attrs: CtcAttrs): (call: CtcCall) => void {
  const [x, targets, inputLengths, targetLengths] = inputs as [Tensor, Tensor, Tensor, Tensor];
  const { op, blank } = attrs;
  const [frames, batch, classes] = x.shape as [number, number, number];
  const labels = readIntegers(targets);
  const times = readIntegers(inputLengths);
  const lengths = readIntegers(targetLengths);
  const padded = targets.ndim === 2;
  checkLengths(op, "inputLengths", times.values, frames);
  checkLengths(op, "targetLengths", lengths.values, padded ? targets.shape[1]! : targets.size);
  const offsets = new BigInt64Array(batch);
  let total = 0n;
  lengths.values.forEach((n, b) => {
    offsets[b] = padded ? BigInt(b * targets.shape[1]!) : total;
    total += n;
  });
  if (!padded && total !== BigInt(targets.size)) {
    throw new ArgumentError({
      op,
      rule: "concatenated targets must be as long as their lengths together",
      received: `${targets.size} targets, lengths together ${total}`,
    });
  }
  checkLabels(op, labels.values, { offsets, lengths: lengths.values }, { classes, blank });
  const begins = fromTypedArray(offsets, [batch]);
  const length = lengths.values.reduce((a, b) => Math.max(a, Number(b)), 0);
  return ({ rows = 0, grad = 0, rowScale = 0, direction = 0 }) => {
    const row = (2 * length + 1 + STATE_PADDING) * (direction === 0 ? 1 : 2);
    const each = (6 + (grad === 0 ? 0 : frames)) * row + 2 * classes + 4 * frames;
    k.ctc[x.dtype as "float32"](
      x.ptr,
      direction,
      labels.tensor.ptr,
      begins.ptr,
      times.tensor.ptr,
      lengths.tensor.ptr,
      rowScale,
      rows,
      grad,
      engine().scratch(8 * engine().threads * each),
      frames,
      batch,
      classes,
      x.strides[0]!,
      x.strides[1]!,
      length,
      blank,
      attrs.logits ? 1 : 0,
      attrs.zeroInfinity ? 1 : 0,
    );
  };
}

// Batch-first inputs that were permuted need no copy.
function rowsTogether(x: Tensor): Tensor {
  return x.strides[2] === 1 || x.shape[2] === 1 ? x : contiguous(x);
}

const definition: ManyOutputs<CtcAttrs> = {
  name: "ctc",
  shape: ([x], { withGradient }) => {
    const rows = { shape: [x!.shape[1]!], dtype: "float64" } as const;
    return withGradient ? [rows, { shape: x!.shape, dtype: x!.dtype }] : [rows];
  },
  forward: (k, [x, ...rest], attrs, [rowsSpec, gradSpec]) => {
    const run = prepare(k, [rowsTogether(x!), ...rest], attrs);
    const rows = allocate(rowsSpec!.shape, "float64");
    const grad = gradSpec === undefined ? null : allocate(gradSpec.shape, gradSpec.dtype);
    run({ rows: rows.ptr, grad: grad?.ptr ?? 0 });
    return grad === null ? [rows] : [rows, grad];
  },
  gradient: ({ inputs, outputs, dy, attrs }) => {
    if (isGradEnabled() || !attrs.withGradient) return [apply(gradDefinition, [dy, ...inputs], attrs)];
    // One factor for each frame of each sample.
    const each = expand(unsqueeze(dy, 0), inputs[0]!.shape.slice(0, 2));
    const early = takeStored(outputs[1]!, each, { reduction: "none", dim: 2 });
    return [early ?? apply(gradDefinition, [dy, ...inputs], attrs)];
  },
  saves: { inputs: "all", outputs: "all" },
  onnx: unsupported("ONNX has no operation for a sum over all alignments"),
};

/** The gradient with respect to the log-probabilities or logits: inputs dy, then those of the loss. */
const gradDefinition: OneOutput<CtcAttrs> = {
  name: "ctcGrad",
  shape: ([, x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  forward: (k, [dy, x, ...rest], attrs, spec) => {
    const run = prepare(k, [rowsTogether(x!), ...rest], attrs);
    const dx = allocate(spec.shape, spec.dtype);
    run({ grad: dx.ptr, rowScale: contiguous(to(dy!, "float64")).ptr });
    return dx;
  },
  gradient: ({ inputs, dy: v, attrs }) => applyMulti(secondDefinition, [v, ...inputs], attrs),
  onnx: unsupported("it appears in gradients only"),
};

/** Derivatives along v: of the losses, and of their gradient times dy. Inputs v, dy, then those of the loss. */
const secondDefinition: ManyOutputs<CtcAttrs> = {
  name: "ctcSecondGrad",
  shape: ([, dy, x]) => [
    { shape: dy!.shape, dtype: "float64" },
    { shape: x!.shape, dtype: x!.dtype },
  ],
  forward: (k, [v, dy, x, ...rest], attrs, [rowsSpec, gradSpec]) => {
    const own = contiguous(x!);
    const run = prepare(k, [own, ...rest], attrs);
    const rows = allocate(rowsSpec!.shape, "float64");
    const grad = allocate(gradSpec!.shape, gradSpec!.dtype);
    const direction = contiguous(to(v!, own.dtype)).ptr;
    run({ rows: rows.ptr, grad: grad.ptr, rowScale: contiguous(to(dy!, "float64")).ptr, direction });
    return [rows, grad];
  },
  gradient: nonDifferentiable("third derivatives of ctc are not there"),
  onnx: unsupported("it appears in gradients only"),
};

export interface CtcOptions {
  /** The class that stands for no label. Default 0. */
  readonly blank?: number;
  /** Whether the input is logits, whose log-softmax is fused with the loss, rather than log-probabilities. Default false. */
  readonly logits?: boolean;
  /** Whether a target that no alignment gives costs 0 instead of infinity. Default false. */
  readonly zeroInfinity?: boolean;
  /** The function that errors name: a loss built on this operation gives its own. */
  readonly op?: string;
}

/**
 * Connectionist temporal classification: `-log P(target)` of each sample, P summed over all ways to spread the labels over the frames, in float64.
 *
 * Shapes: input `[T, N, C]`, targets `[N, S]` padded or `[sum of targetLengths]` one after the other, lengths `[N]`; to `[N]`.
 * The gradient, written in the forward pass, is `-posterior` for log-probabilities and `softmax - posterior` for logits; where no alignment is possible it
 * is 0. Second derivatives are there.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for lengths and labels out of range; ArgumentError for the blank among the targets.
 */
export function ctc(
  input: TensorArg,
  targets: TensorArg,
  inputLengths: TensorArg,
  targetLengths: TensorArg,
  options: CtcOptions = {},
): Tensor {
  const { blank = 0, logits = false, zeroInfinity = false, op = "ctc" } = options;
  const x = asTensor(input);
  floatDType(op, x);
  checkRank(op, "input", x.shape, 3, "[T, N, C]");
  const [, batch, classes] = x.shape as [number, number, number];
  const labels = wholeNumbers(op, "targets", targets);
  if (labels.ndim !== 1 && (labels.ndim !== 2 || labels.shape[0] !== batch)) {
    throw new ShapeError({
      op,
      rule: "the targets do not fit the batch",
      received: `targets ${formatShape(labels.shape)} for input ${formatShape(x.shape)}`,
      expected: `[${batch}, S], or one dimension for all samples one after the other`,
    });
  }
  const times = wholeNumbers(op, "inputLengths", inputLengths);
  const lengths = wholeNumbers(op, "targetLengths", targetLengths);
  checkLengthsShape(op, "inputLengths", times, batch);
  checkLengthsShape(op, "targetLengths", lengths, batch);
  const withGradient = isGradEnabled() && x.requiresGrad && !isTracing();
  const attrs = { op, blank: blankClass(op, blank, classes), logits, zeroInfinity, withGradient };
  const [rows, grad] = applyMulti(definition, [x, labels, times, lengths], attrs);
  // The tape alone keeps the gradient.
  grad?.dispose();
  return rows!;
}
