import { asTensor } from "../create.ts";
import { ArgumentError } from "../errors.ts";
import { around, floatDType } from "../families/along-dim.ts";
import { apply, type OneOutput } from "../op.ts";
import { normalizeDim } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { argmax } from "./argmax.ts";
import { contiguous } from "./contiguous.ts";
import { div } from "./div.ts";
import { type EntmaxAttrs, lowerEntmax } from "./entmax-onnx.ts";
import { eachRow, logProbability, rowMap } from "./entmax-rows.ts";
import { exp } from "./exp.ts";
import { gather } from "./gather.ts";
import { logSoftmax } from "./log-softmax.ts";
import { mul } from "./mul.ts";
import { ne } from "./ne.ts";
import { pow } from "./pow.ts";
import { softmax } from "./softmax.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";
import { to } from "./to.ts";
import { where } from "./where.ts";

const definition: OneOutput<EntmaxAttrs> = {
  name: "entmax",
  shape: ([x]) => ({ shape: x!.shape, dtype: floatDType("entmax", x!) }),
  forward: (_k, [x], { dim, alpha }, spec) => {
    const { value } = rowMap(alpha);
    return byRow(x!, dim, alpha, spec.dtype as "float32", value);
  },
  // The normaliser's derivative is that of the implicit function: the s below, scaled to sum to 1.
  gradient: ({ inputs: [x], dy, attrs: { dim, alpha } }) => {
    const p = entmax(to(x!, "float64"), dim, { alpha });
    const inside = ne(p, 0);
    const s = alpha === 2 ? to(inside, "float64") : where(inside, pow(where(inside, p, 1), 2 - alpha), 0);
    // Relative to the winner's dy, so that a confident row keeps its gradient.
    const best = argmax(p, dim, { keepdim: true });
    const relative = sub(to(dy, "float64"), gather(to(dy, "float64"), dim, best));
    return [mul(s, sub(relative, div(along(mul(s, relative), dim), along(s, dim))))];
  },
  onnx: (g, [x], attrs) => lowerEntmax(g, x!, attrs, false),
};

const logDefinition: OneOutput<EntmaxAttrs> = {
  name: "logEntmax",
  shape: ([x]) => ({ shape: x!.shape, dtype: floatDType("logEntmax", x!) }),
  forward: (_k, [x], { dim, alpha }, spec) =>
    byRow(x!, dim, alpha, spec.dtype as "float32", (v, shift) => logProbability(v - shift, alpha)),
  gradient: ({ inputs: [x], dy, attrs: { dim, alpha } }) => {
    const logs = logEntmax(to(x!, "float64"), dim, { alpha });
    const inside = ne(logs, Number.NEGATIVE_INFINITY);
    const finite = where(inside, logs, 0);
    const power = (b: number) => where(inside, exp(mul(finite, b)), 0);
    const s = power(2 - alpha);
    const own = mul(power(1 - alpha), where(inside, dy, 0));
    return [sub(own, mul(div(s, along(s, dim)), along(own, dim)))];
  },
  onnx: (g, [x], attrs) => lowerEntmax(g, x!, attrs, true),
};

function along(t: Tensor, dim: number): Tensor {
  return sum(t, dim, { keepdim: true });
}

function byRow(
  x: Tensor,
  dim: number,
  alpha: number,
  dtype: "float32" | "float64",
  value: (v: number, shift: number) => number,
): Tensor {
  const y = allocate(x.shape, dtype);
  if (y.size === 0) return y;
  const [from, into] = [contiguous(x).view(), y.view()] as [Float32Array, Float32Array];
  eachRow(from, around(x.shape, dim), alpha, (v, shift, start, stride) => {
    for (let j = 0; j < v.length; j++) into[start + j * stride] = value(v[j]!, shift);
  });
  return y;
}

export interface EntmaxOptions {
  /** 1 is softmax, 2 sparsemax; above 1 small logits get exactly 0, below 1 tails are heavier than softmax's. Default 1.5. */
  readonly alpha?: number;
}

function attributes(op: string, x: Tensor, dim: number, alpha: number): EntmaxAttrs {
  if (!Number.isFinite(alpha)) {
    throw new ArgumentError({ op, rule: "alpha must be a finite number", received: String(alpha) });
  }
  return { dim: normalizeDim(op, dim, x.ndim), alpha };
}

/**
 * Probabilities that may be exactly 0: `entmax(x)_i = max(0, (alpha - 1) x_i - tau)^(1 / (alpha - 1))` along `dim` (default the last), with the tau
 * that makes them sum to 1; same shape.
 *
 * tau is found to float64 accuracy, relative to the greatest logit, so that a confident row keeps its small probabilities and any alpha near 1 runs into
 * softmax; the gradient comes from the implicit function theorem. A -inf gets 0; one +inf gets 1. An alpha below 1 is the tempered softmax of the
 * bi-tempered loss with t2 = 2 - alpha.
 * Source: Peters et al., "Sparse Sequence-to-Sequence Models" (2019), arXiv 1905.05702.
 * @throws DTypeError for integers; ArgumentError for an alpha that is no number.
 * @example entmax([2, 1, 0], 0, { alpha: 1.5 }).toArray() // [0.8307189345359802, 0.16928108036518097, 0]
 */
export function entmax(x: TensorArg, dim = -1, { alpha = 1.5 }: EntmaxOptions = {}): Tensor {
  const t = asTensor(x);
  const attrs = attributes("entmax", t, dim, alpha);
  return alpha === 1 ? softmax(t, attrs.dim) : apply(definition, [t], attrs);
}

/** `entmax` with alpha 1.5: `max(0, x_i / 2 - tau)^2`, half way between softmax and sparsemax. */
export function entmax15(x: TensorArg, dim = -1): Tensor {
  return entmax(x, dim, { alpha: 1.5 });
}

/**
 * The nearest point of the probability simplex: `max(0, x_i - tau)` along `dim` (default the last), with the tau that makes it sum to 1; same shape.
 *
 * Piecewise linear. The row's sums are float64; a -inf gets 0, one +inf gets 1.
 * Source: Martins and Astudillo, "From Softmax to Sparsemax" (2016), arXiv 1602.02068.
 * @throws DTypeError for integers.
 * @example sparsemax([2, 1.5, 0], 0).toArray() // [0.75, 0.25, 0]
 */
export function sparsemax(x: TensorArg, dim = -1): Tensor {
  return entmax(x, dim, { alpha: 2 });
}

/**
 * The logarithm of `entmax`, finite where the probability itself would round to 0; -inf outside the support, where its gradient is 0.
 * @throws DTypeError for integers; ArgumentError for an alpha that is no number.
 * @example logEntmax([1, 0], 0, { alpha: 2 }).toArray() // [0, -Infinity]
 */
export function logEntmax(x: TensorArg, dim = -1, { alpha = 1.5 }: EntmaxOptions = {}): Tensor {
  const t = asTensor(x);
  const attrs = attributes("logEntmax", t, dim, alpha);
  return alpha === 1 ? logSoftmax(t, attrs.dim) : apply(logDefinition, [t], attrs);
}
