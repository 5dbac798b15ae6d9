import {
  allocate,
  apply,
  cos,
  fromTypedArray,
  isGradEnabled,
  isTracing,
  nonDifferentiable,
  type OneOutput,
  sin,
  type Tensor,
  unsupported,
} from "@tenon/numerics";

export interface NormalityAttributes {
  /** How many frequencies there are, from 0 to `range`. */
  readonly points: number;
  readonly range: number;
}

/** Frequencies, the normal distribution's characteristic function there, and the rule's weights with the window; both signs of t count alike. */
function grid({ points, range }: NormalityAttributes) {
  const step = range / (points - 1);
  const frequencies = Float64Array.from({ length: points }, (_, i) => i * step);
  const normal = frequencies.map((t) => Math.exp(-0.5 * t * t));
  const weights = normal.map((v, i) => v * step * (i === 0 || i === points - 1 ? 1 : 2));
  return { step, frequencies, normal, weights };
}

/**
 * The Epps-Pulley statistic of each column of projections `[..., N, S]`, to `[..., S]`: `N` times the integral of the squared distance between their
 * characteristic function and the normal distribution's, by the trapezoidal rule.
 *
 * In one pass, without the `N S points` angles: the powers of `e^(i step x)` come from one another.
 */
export function normalityStatistic(x: Tensor, attrs: NormalityAttributes): Tensor {
  if (!isTracing()) return apply(definition, [x], attrs);
  const { real, imaginary, weights } = composed(x, attrs);
  return real.square().add(imaginary.square()).matmul(weights).mul(x.shape.at(-2)!);
}

const definition: OneOutput<NormalityAttributes> = {
  name: "normalityStatistic",
  shape: ([x]) => ({ shape: [...x!.shape.slice(0, -2), x!.shape.at(-1)!], dtype: x!.dtype }),
  forward: (_k, [x], attrs, { shape, dtype }) => {
    const y = allocate(shape, dtype);
    const [n, columns] = x!.shape.slice(-2) as [number, number];
    const { weights } = grid(attrs);
    const result = new Float64Array(y.size);
    eachBatch(x!, (batch, at) => {
      const { real, imaginary } = errorsOf(batch, columns, attrs);
      for (let i = 0; i < real.length; i++) {
        const column = at * columns + Math.floor(i / attrs.points);
        result[column]! += n * weights[i % attrs.points]! * (real[i]! ** 2 + imaginary[i]! ** 2);
      }
    });
    if (y.size > 0) (y.view() as Float64Array).set(result);
    return y;
  },
  gradient: ({ inputs: [x], dy, attrs }) => [
    // What is to be derived further is made of operations.
    isGradEnabled() ? composedGradient(x!, dy, attrs) : apply(gradientDefinition, [x!, dy], attrs),
  ],
  onnx: unsupported("a trace takes the operations it is made of"),
};

const gradientDefinition: OneOutput<NormalityAttributes> = {
  name: "normalityStatisticGrad",
  shape: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  forward: (_k, [x, dy], attrs, { shape, dtype }) => {
    const dx = allocate(shape, dtype);
    const columns = shape.at(-1)!;
    const size = shape.at(-2)! * columns;
    const factors = dy!.contiguous().data() as Float64Array;
    const result = new Float64Array(dx.size);
    eachBatch(x!, (batch, at) => {
      const out = result.subarray(at * size, (at + 1) * size);
      slopesOf(batch, factors.subarray(at * columns, (at + 1) * columns), attrs, out);
    });
    if (dx.size > 0) (dx.view() as Float64Array).set(result);
    return dx;
  },
  gradient: nonDifferentiable("second derivatives go through the operations it is made of"),
  onnx: unsupported("it appears in gradients only"),
};

function eachBatch(x: Tensor, compute: (batch: Float64Array, at: number) => void): void {
  const data = x.contiguous().data() as Float64Array;
  const size = x.shape.at(-2)! * x.shape.at(-1)!;
  const count = x.shape.slice(0, -2).reduce((a, b) => a * b, 1);
  for (let at = 0; at < count; at++) compute(data.subarray(at * size, (at + 1) * size), at);
}

/** Mean of `e^(i t x)` less the normal distribution's, `[S, points]` for columns of `[N, S]`. At t = 0 both are 1. */
function errorsOf(batch: Float64Array, columns: number, attrs: NormalityAttributes) {
  const { points } = attrs;
  const { step, normal } = grid(attrs);
  const n = batch.length / Math.max(1, columns);
  const real = new Float64Array(columns * points);
  const imaginary = new Float64Array(columns * points);
  for (let i = 0; i < batch.length; i++) {
    const [first, offset] = [batch[i]! * step, (i % columns) * points];
    const [c, s] = [Math.cos(first), Math.sin(first)];
    let [a, b] = [c, s];
    for (let k = 1; k < points; k++) {
      real[offset + k]! += a;
      imaginary[offset + k]! += b;
      const next = a * c - b * s;
      b = b * c + a * s;
      a = next;
    }
  }
  for (let i = 0; i < real.length; i++) {
    const k = i % points;
    real[i] = k === 0 ? 0 : real[i]! / n - normal[k]!;
    imaginary[i]! /= n;
  }
  return { real, imaginary };
}

/** The derivative by each projection: `2 dy sum over t of w t (imaginary cos(t x) - real sin(t x))`. */
function slopesOf(batch: Float64Array, dy: Float64Array, attrs: NormalityAttributes, out: Float64Array): void {
  const { points } = attrs;
  const { step, frequencies, weights } = grid(attrs);
  const columns = dy.length;
  const { real, imaginary } = errorsOf(batch, columns, attrs);
  for (let i = 0; i < real.length; i++) {
    const factor = 2 * weights[i % points]! * frequencies[i % points]! * dy[Math.floor(i / points)]!;
    real[i]! *= factor;
    imaginary[i]! *= factor;
  }
  for (let i = 0; i < batch.length; i++) {
    const [first, offset] = [batch[i]! * step, (i % columns) * points];
    const [c, s] = [Math.cos(first), Math.sin(first)];
    let [a, b] = [c, s];
    let sum = 0;
    for (let k = 1; k < points; k++) {
      sum += imaginary[offset + k]! * a - real[offset + k]! * b;
      const next = a * c - b * s;
      b = b * c + a * s;
      a = next;
    }
    out[i] = sum;
  }
}

/** The same from operations: the angles `[..., N, S, points]`, their sines and cosines, and the errors `[..., S, points]`. */
function composed(x: Tensor, attrs: NormalityAttributes) {
  const { frequencies, normal, weights } = grid(attrs);
  const of = (data: Float64Array) => fromTypedArray(data, [data.length]).to(x.dtype);
  const angles = x.unsqueeze(-1).mul(of(frequencies));
  const [cosines, sines] = [cos(angles), sin(angles)];
  const batch = x.ndim - 2;
  const real = cosines.mean(batch).sub(of(normal));
  return { cosines, sines, real, imaginary: sines.mean(batch), frequencies: of(frequencies), weights: of(weights) };
}

function composedGradient(x: Tensor, dy: Tensor, attrs: NormalityAttributes): Tensor {
  const { cosines, sines, real, imaginary, frequencies, weights } = composed(x, attrs);
  const batch = x.ndim - 2;
  const slopes = imaginary.unsqueeze(batch).mul(cosines).sub(real.unsqueeze(batch).mul(sines));
  return slopes.matmul(frequencies.mul(weights)).mul(dy.unsqueeze(batch).mul(2));
}
