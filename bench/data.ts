import { fromTypedArray, type HasParameters, noGrad, type Tensor } from "@tenon/numerics";

/** n words of 32 bits that look random: the same on every side of the comparison. */
export function hashU32(seed: number, n: number): Uint32Array {
  const out = new Uint32Array(n);
  const offset = Math.imul(seed, 0x9e3779b1);
  for (let i = 0; i < n; i++) {
    let x = (i + offset) | 0;
    x ^= x >>> 16;
    x = Math.imul(x, 0x7feb352d);
    x ^= x >>> 15;
    x = Math.imul(x, 0x846ca68b);
    x ^= x >>> 16;
    out[i] = x;
  }
  return out;
}

function product(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** A float32 tensor with values in [low, high), computed in float64 and rounded once. */
export function fill(seed: number, shape: readonly number[], low = -1, high = 1): Tensor {
  const words = hashU32(seed, product(shape));
  const values = new Float32Array(words.length);
  for (let i = 0; i < words.length; i++) values[i] = low + (high - low) * ((words[i]! >>> 8) * 2 ** -24);
  return fromTypedArray(values, shape);
}

/** The same, taking part in gradients. */
export function leaf(seed: number, shape: readonly number[], low = -1, high = 1): Tensor {
  const t = fill(seed, shape, low, high);
  t.requiresGrad = true;
  return t;
}

/** n integers below `mod`, as int64. */
export function ints(seed: number, n: number, mod: number): Tensor {
  return fromTypedArray(
    BigInt64Array.from(hashU32(seed, n), (v) => BigInt(v % mod)),
    [n],
  );
}

/** Sets the parameters by their order: spread by `gain` where there are several dimensions, else 1, biases 0. */
export function initParameters<M extends HasParameters>(model: M, gain: number): M {
  let i = 0;
  noGrad(() => {
    for (const [name, parameter] of model.namedParameters()) {
      const { shape, size } = parameter;
      const bound = gain / Math.sqrt(size / shape[0]!);
      if (shape.length >= 2) parameter.copy_(fill(1000 + i, shape, -bound, bound));
      else parameter.fill_(name.includes("bias") ? 0 : 1);
      i++;
    }
  });
  return model;
}

/** The default checksum: the sum over the tensors of the mean of their absolute values, in float64. */
export function meanAbs(...tensors: readonly Tensor[]): number {
  let total = 0;
  for (const t of tensors) {
    const values = t.data() as ArrayLike<number | bigint>;
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += Math.abs(Number(values[i]));
    total += sum / values.length;
  }
  return total;
}

/** Labels for a train step: two sets, so that the loss stays away from 0. */
export function labels(n: number, classes: number): [Tensor, Tensor] {
  return [ints(2, n, classes), ints(3, n, classes)];
}
