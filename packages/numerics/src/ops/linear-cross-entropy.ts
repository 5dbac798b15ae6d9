import { grad } from "../autograd/backward.ts";
import { isGradEnabled } from "../autograd/grad-mode.ts";
import { asIndexTensor, asTensor } from "../create.ts";
import { isFloatingPoint } from "../dtype.ts";
import { DTypeError, ShapeError } from "../errors.ts";
import { floatDType } from "../families/along-dim.ts";
import type { ClassReduction } from "../families/class-loss.ts";
import { lowerClassLoss } from "../families/class-loss-onnx.ts";
import { takeStored } from "../families/stored-gradient.ts";
import { applyMulti, type ManyOutputs, nonDifferentiable, unsupported } from "../op.ts";
import { isTracing } from "../runtime.ts";
import { formatShape, sameShape } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";
import { linear } from "./linear.ts";
import { type ChunkAttrs, chunkOf, makeGradients, prepare, walk } from "./linear-cross-entropy-chunks.ts";
import { softmaxCrossEntropy } from "./softmax-cross-entropy.ts";
import { to } from "./to.ts";

const OP = "linearCrossEntropy";

export interface LinearCrossEntropyOptions {
  /** Added to the logits, `[C]`. Default none. */
  readonly linearBias?: TensorArg;
  /** Factor for each class, `[C]`. Default 1. */
  readonly weight?: TensorArg;
  /** "mean" divides by the weights of the rows that count. Default "mean". */
  readonly reduction?: ClassReduction;
  /** Rows with this target have loss and gradient 0. Default -100. */
  readonly ignoreIndex?: number;
  /** Share of the target that is spread over all classes. Default 0. */
  readonly labelSmoothing?: number;
  /** Rows whose logits exist at one time. Default as many as fit into 32 MiB, at least 16. */
  readonly chunkSize?: number;
  /** The function that errors name. */
  readonly op?: string;
}

function present(...tensors: (Tensor | null)[]): Tensor[] {
  return tensors.filter((t): t is Tensor => t !== null);
}

const definition: ManyOutputs<ChunkAttrs> = {
  name: OP,
  shape: (inputs, { reduction, wanted }) => {
    const [x] = inputs;
    const gradients = [x!, inputs[1]!, inputs[3]!].filter((_, i) => wanted[i]);
    const loss = { shape: reduction === "none" ? [x!.shape[0]!] : [], dtype: x!.dtype };
    return [loss, ...gradients.map(({ shape, dtype }) => ({ shape, dtype }))];
  },
  forward: (k, inputs, attrs, [lossSpec]) => {
    const p = prepare(k, inputs, attrs);
    const loss = allocate(lossSpec!.shape, lossSpec!.dtype);
    const count = p.x.shape[0]!;
    const out = makeGradients(p, attrs.wanted);
    // Not the engine's scratch: the products use that.
    const rows = allocate([Math.max(1, count)], "float64");
    walk(k, p, attrs, rows.ptr, out, 0);
    const each = attrs.reduction === "none" ? 1 : 0;
    k.foldRows[p.dtype](rows.ptr, loss.ptr, attrs.reduction === "mean" ? p.divisor.ptr : 0, 1, count, each);
    return [loss, ...present(out.x, out.w, out.bias)];
  },
  gradient: ({ inputs, outputs, dy, attrs, needs }) => {
    const places = [0, 1, 3].filter((i) => i < 3 || attrs.hasBias);
    const give = (found: (place: number) => Tensor | null) =>
      inputs.map((_, i) => (places.includes(i) && needs[i] ? found(i) : null));
    if (isGradEnabled()) {
      const leaves = places.filter((i) => needs[i]).map((i) => inputs[i]!);
      const found = grad([plain(inputs, attrs)], leaves, { gradOutputs: [dy], createGraph: true });
      return give((i) => found[leaves.indexOf(inputs[i]!)]!);
    }
    const written = places.filter((_, i) => attrs.wanted[i]);
    const early = written.map((_, i) => takeStored(outputs[1 + i]!, dy));
    if (written.length > 0 && early.every((g) => g !== null)) return give((i) => early[written.indexOf(i)]!);
    const wanted = [needs[0]!, needs[1]!, attrs.hasBias && needs[3]!] as const;
    const again = applyMulti(gradDefinition, [dy, ...inputs], { ...attrs, wanted });
    const order = places.filter((_, i) => wanted[i]);
    return give((i) => again[order.indexOf(i)]!);
  },
  saves: { inputs: "all", outputs: "all" },
  onnx: (g, inputs, attrs) => {
    const [x, w, target] = inputs as [(typeof inputs)[0], (typeof inputs)[0], (typeof inputs)[0]];
    const bias = attrs.hasBias ? inputs[3]! : null;
    const classWeight = inputs[attrs.hasBias ? 4 : 3];
    const logits = g.node("Gemm", [x!, w!, bias], { transB: 1 });
    return lowerClassLoss(
      g,
      "SoftmaxCrossEntropyLoss",
      [logits, target!, ...(classWeight === undefined ? [] : [classWeight])],
      attrs,
    );
  },
};

/** The three gradients computed again: inputs dy, then those of the loss. */
const gradDefinition: ManyOutputs<ChunkAttrs> = {
  name: `${OP}Grad`,
  shape: ([, ...inputs], { wanted }) =>
    [inputs[0]!, inputs[1]!, inputs[3]!].filter((_, i) => wanted[i]).map(({ shape, dtype }) => ({ shape, dtype })),
  forward: (k, [dy, ...inputs], attrs) => {
    const p = prepare(k, inputs, attrs);
    const out = makeGradients(p, attrs.wanted);
    const each = attrs.reduction === "none";
    const g = contiguous(to(dy!, p.dtype));
    walk(k, p, attrs, 0, out, each ? g.ptr : 0);
    const made = present(out.x, out.w, out.bias);
    if (!each) for (const t of made) k.scaleInPlace[p.dtype](t.ptr, g.ptr, t.size);
    return made;
  },
  gradient: nonDifferentiable("recorded gradients are made of operations"),
  onnx: unsupported("it appears in gradients only"),
};

/** The same with all logits at once: for higher derivatives. */
function plain(inputs: readonly Tensor[], attrs: ChunkAttrs): Tensor {
  const [x, w, target] = inputs as [Tensor, Tensor, Tensor];
  const weight = inputs[attrs.hasBias ? 4 : 3];
  const { reduction, ignoreIndex, smoothing, op } = attrs;
  return softmaxCrossEntropy(linear(x, w, attrs.hasBias ? inputs[3]! : null), target, {
    ...(weight !== undefined && { weight }),
    ...{ reduction, ignoreIndex, labelSmoothing: smoothing, op, dim: 1 },
  });
}

function check(op: string, x: Tensor, w: Tensor, target: Tensor, bias: Tensor | null, weight: Tensor | null): void {
  const refuse = (rule: string, received: string, expected: string): never => {
    throw new ShapeError({ op, rule, received, expected });
  };
  if (w.ndim !== 2) refuse("the linear weight must be a matrix", formatShape(w.shape), "[classes, features]");
  const [classes, features] = w.shape as [number, number];
  if (x.ndim === 0 || x.shape.at(-1) !== features) {
    refuse(
      "inner sizes differ",
      `input ${formatShape(x.shape)}, linear weight ${formatShape(w.shape)}`,
      `[..., ${features}]`,
    );
  }
  if (isFloatingPoint(target.dtype) || target.dtype === "bool") {
    throw new DTypeError({
      op,
      rule: "targets must be class indices",
      received: target.dtype,
      hint: "For probabilities use crossEntropy(linear(...), target)",
    });
  }
  if (!sameShape(target.shape, x.shape.slice(0, -1))) {
    refuse("there must be one class index for each row", formatShape(target.shape), formatShape(x.shape.slice(0, -1)));
  }
  for (const [name, t] of [
    ["linear bias", bias],
    ["class weight", weight],
  ] as const) {
    if (t !== null && !sameShape(t.shape, [classes]))
      refuse(`the ${name} does not fit`, formatShape(t.shape), formatShape([classes]));
  }
  floatDType(op, x);
  for (const t of [w, bias]) {
    if (t !== null && t.dtype !== x.dtype) {
      throw new DTypeError({
        op,
        rule: "element types differ",
        received: `${x.dtype} and ${t.dtype}`,
        hint: "Convert one of them with to()",
      });
    }
  }
}

/**
 * Cross entropy of `linear(input, linearWeight, linearBias)` that never holds all logits: rows are taken in chunks, whose logits become their own gradient and are
 * added to the results at once. Memory beside inputs and gradients: one chunk.
 *
 * input `[..., D]`, linearWeight `[C, D]`, class indices `[...]`; gives a scalar, or `[...]` with `reduction: "none"` (whose gradient walks the chunks again).
 * float32 or float64. Rows that `ignoreIndex` names are not skipped here.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class; ArgumentError for a chunk of no rows.
 */
export function linearCrossEntropy(
  input: TensorArg,
  linearWeight: TensorArg,
  target: TensorArg,
  options: LinearCrossEntropyOptions = {},
): Tensor {
  const { reduction = "mean", ignoreIndex = -100, labelSmoothing = 0, op = OP } = options;
  const x = asTensor(input);
  const w = asTensor(linearWeight);
  const t = asIndexTensor(target);
  const bias = options.linearBias === undefined ? null : asTensor(options.linearBias);
  const weight = options.weight === undefined ? null : asTensor(options.weight);
  check(op, x, w, t, bias, weight);
  const features = x.shape.at(-1)!;
  const early = isGradEnabled() && reduction !== "none" && !isTracing();
  const attrs: ChunkAttrs = {
    ...{ op, dim: 1, reduction, ignoreIndex, smoothing: labelSmoothing, hasBias: bias !== null },
    chunk: chunkOf(op, options.chunkSize, w.shape[0]!, x.dtype === "float32" ? 4 : 8),
    wanted: [early && x.requiresGrad, early && w.requiresGrad, early && (bias?.requiresGrad ?? false)],
  };
  const flat = x.reshape([-1, features].map((n) => (n === -1 ? t.size : n)));
  const inputs = [flat, w, t.reshape([t.size]), ...present(bias, weight)];
  const [loss, ...stored] = applyMulti(definition, inputs, attrs);
  // The tape alone keeps the gradients.
  for (const g of stored) g.dispose();
  return reduction === "none" ? loss!.reshape(t.shape) : loss!;
}
