import { isGradEnabled } from "../autograd/grad-mode.ts";
import { asTensor } from "../create.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { around, floatDType } from "../families/along-dim.ts";
import {
  type AffineOptions,
  affineOf,
  composedNormGradient,
  inputGradients,
  type NormAttrs,
  normInputs,
  onnxFilled,
} from "../families/normalization.ts";
import type { OnnxBuilder, OnnxValue } from "../graph/onnx.ts";
import { applyMulti, type ManyOutputs, nonDifferentiable, unsupported } from "../op.ts";
import { engine } from "../runtime.ts";
import { formatShape, type Shape } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { add } from "./add.ts";
import { contiguous } from "./contiguous.ts";
import { mul } from "./mul.ts";
import { reshape } from "./reshape.ts";
import { rsqrt } from "./rsqrt.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";

interface BatchNormAttrs extends NormAttrs {
  /** Whether the statistics are the batch's. Else they are the last two inputs. */
  readonly training: boolean;
}

/** `[batch, channels, inner]` of `[N, C, ...S]`. */
function layout(shape: Shape): [batch: number, channels: number, inner: number] {
  return around(shape, 1);
}

/** `[C]` as it broadcasts to the input. */
function column(t: Tensor, shape: Shape): Tensor {
  return reshape(
    t,
    shape.map((_, i) => (i === 1 ? shape[1]! : 1)),
  );
}

const definition: ManyOutputs<BatchNormAttrs> = {
  name: "batchNorm",
  shape: ([x]) => {
    const statistics = { shape: [x!.shape[1]!], dtype: "float64" } as const;
    return [{ shape: x!.shape, dtype: floatDType("batchNorm", x!) }, statistics, statistics];
  },
  forward: (k, inputs, attrs, [spec, statistics]) => {
    const dtype = spec!.dtype as "float32";
    const dense = inputs.map(contiguous);
    const { weight, bias } = affineOf(dense, attrs);
    const [mean, variance] = [allocate(statistics!.shape, "float64"), allocate(statistics!.shape, "float64")];
    const y = allocate(spec!.shape, dtype);
    const sizes = layout(spec!.shape);
    const x = dense[0]!.ptr;
    if (attrs.training) k.batchNormStats[dtype](x, mean.ptr, variance.ptr, ...sizes);
    else k.batchNormRunning[dtype](dense.at(-2)!.ptr, dense.at(-1)!.ptr, mean.ptr, variance.ptr, sizes[1]);
    const affine = [weight?.ptr ?? 0, bias?.ptr ?? 0] as const;
    if (y.size > 0) k.batchNorm[dtype](x, ...affine, mean.ptr, variance.ptr, y.ptr, ...sizes, attrs.eps);
    return [y, mean, variance];
  },
  gradient: ({ inputs, outputs, dy, specs, attrs, needs }) => {
    const { weight } = affineOf(inputs, attrs);
    const rest = attrs.training ? [] : [null, null];
    if (isGradEnabled()) return [...composed(inputs, dy, specs[0]!.shape, attrs), ...rest];
    const args = [inputs[0]!, dy, outputs[1]!, outputs[2]!, ...(weight === undefined ? [] : [weight])];
    const affine = needs.some((need, i) => i > 0 && need);
    const [dx, dweight, dbias] = applyMulti(gradDefinition, args, { ...attrs, affine, input: needs[0]! });
    const own = (t: Tensor) => (affine ? t : null);
    return [...inputGradients(attrs, needs[0] ? dx! : null, own(dweight!), own(dbias!)), ...rest];
  },
  saves: { inputs: "all", outputs: [1, 2] },
  onnx: (g, inputs, attrs) => {
    const x = inputs[0]!;
    const { weight, bias } = affineOf(inputs, attrs);
    const channels = [x.shape[1]!];
    const scale = weight ?? onnxFilled(g, x, channels, 1);
    const shift = bias ?? onnxFilled(g, x, channels, 0);
    const [mean, variance] = attrs.training ? batchStatistics(g, x) : [inputs.at(-2)!, inputs.at(-1)!];
    return g.node("BatchNormalization", [x, scale, shift, mean, variance], { epsilon: attrs.eps });
  },
};

function batchStatistics(g: OnnxBuilder, x: OnnxValue): [OnnxValue, OnnxValue] {
  const axes = x.shape.map((_, i) => i).filter((i) => i !== 1);
  const average = (v: OnnxValue, keepdims: number) =>
    g.opset >= 18
      ? g.node("ReduceMean", [v, g.ints(axes)], { keepdims })
      : g.node("ReduceMean", [v], { axes, keepdims });
  const centred = g.node("Sub", [x, average(x, 1)]);
  return [average(x, 0), average(g.node("Mul", [centred, centred]), 0)];
}

function composed(inputs: readonly Tensor[], dy: Tensor, shape: Shape, attrs: BatchNormAttrs): (Tensor | null)[] {
  const x = inputs[0]!;
  const { weight } = affineOf(inputs, attrs);
  const dims = shape.map((_, i) => i).filter((i) => i !== 1);
  const w = weight === undefined ? undefined : column(weight, shape);
  const fold = (t: Tensor) => sum(t, dims);
  if (attrs.training) {
    const { dx, dweight, dbias } = composedNormGradient(x, dy, w, dims, attrs.eps);
    return inputGradients(attrs, dx, fold(dweight), fold(dbias));
  }
  const rstd = rsqrt(add(column(inputs.at(-1)!, shape), attrs.eps));
  const hat = mul(sub(x, column(inputs.at(-2)!, shape)), rstd);
  const dx = mul(w === undefined ? dy : mul(dy, w), rstd);
  return inputGradients(attrs, dx, fold(mul(dy, hat)), fold(dy));
}

const gradDefinition: ManyOutputs<BatchNormAttrs & { readonly affine: boolean; readonly input: boolean }> = {
  name: "batchNormGrad",
  shape: ([x]) => {
    const weights = { shape: [x!.shape[1]!], dtype: x!.dtype };
    return [{ shape: x!.shape, dtype: x!.dtype }, weights, weights];
  },
  forward: (k, [x, dy, mean, variance, weight], { affine, input, eps, training }, [spec, weights]) => {
    const dtype = spec!.dtype as "float32";
    const dx = allocate(input ? spec!.shape : [0], dtype);
    const [dweight, dbias] = [allocate(weights!.shape, dtype), allocate(weights!.shape, dtype)];
    const w = weight === undefined ? 0 : contiguous(weight).ptr;
    const sources = [contiguous(x!).ptr, contiguous(dy!).ptr, w, mean!.ptr, variance!.ptr] as const;
    const targets = [input ? dx.ptr : 0, affine ? dweight.ptr : 0, affine ? dbias.ptr : 0] as const;
    k.batchNormGrad[dtype](...sources, ...targets, ...layout(spec!.shape), eps, training ? 1 : 0);
    return [dx, dweight, dbias];
  },
  gradient: nonDifferentiable("recorded gradients are made of operations"),
  onnx: unsupported("it appears in gradients only"),
};

export interface BatchNormOptions extends AffineOptions {
  /** Normalises with the batch's statistics and moves the running ones; else the running ones are used. Default false. */
  readonly training?: boolean;
  /** Weight of the batch in the running statistics. Default 0.1. */
  readonly momentum?: number;
}

/**
 * Normalises each channel: `y = (x - mean) / sqrt(var + eps) * weight + bias`, in float64 and rounded once. `[N, C, ...S]` to the same shape; weight,
 * bias and statistics `[C]`; eps 1e-5.
 *
 * In training mean and (biased) variance are the batch's, and `running = (1 - momentum) * running + momentum * batch` in place, with the
 * unbiased variance. Source: Ioffe, Szegedy, "Batch normalization" (2015).
 * @throws ShapeError; ArgumentError for a training batch of one value a channel, or for evaluation without running statistics.
 */
export function batchNorm(
  x: TensorArg,
  runningMean: Tensor | null = null,
  runningVar: Tensor | null = null,
  options: BatchNormOptions = {},
): Tensor {
  const t = asTensor(x);
  const { training = false, momentum = 0.1 } = options;
  if (t.ndim < 2) throw new ShapeError({ op: "batchNorm", rule: "takes [N, C, ...]", received: formatShape(t.shape) });
  const [batch, channels, inner] = layout(t.shape);
  const { inputs, attrs } = normInputs("batchNorm", t, [channels], options);
  if (training && batch * inner === 1) {
    throw new ArgumentError({
      op: "batchNorm",
      rule: "training needs more than one value a channel",
      received: formatShape(t.shape),
      hint: "Use a larger batch, or eval() for a single sample",
    });
  }
  if (!training) {
    if (runningMean === null || runningVar === null) {
      throw new ArgumentError({ op: "batchNorm", rule: "evaluation needs running statistics", received: "null" });
    }
    inputs.push(runningMean.to(t.dtype), runningVar.to(t.dtype));
  }
  const [y, mean, variance] = applyMulti(definition, inputs, { ...attrs, training });
  if (training && runningMean !== null && runningVar !== null) {
    const count = batch * inner;
    engine().kernels.batchNormUpdate[floatDType("batchNorm", runningMean)](
      runningMean.ptr,
      runningVar.ptr,
      mean!.ptr,
      variance!.ptr,
      channels,
      momentum,
      count,
    );
    runningMean.storage.version++;
    runningVar.storage.version++;
  }
  mean!.dispose();
  variance!.dispose();
  return y!;
}
