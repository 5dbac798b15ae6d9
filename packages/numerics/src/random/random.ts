import { asTensor, type TensorOptions } from "../create.ts";
import { isFloatingPoint } from "../dtype.ts";
import { ArgumentError, DTypeError } from "../errors.ts";
import { engine } from "../runtime.ts";
import { checkShape, type Shape } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { defaultGenerator, type Generator } from "./generator.ts";

export interface RandomOptions extends TensorOptions {
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

// Words of one Philox block that one element uses: 24 bits for float32, 53 for float64.
function blocksFor(count: number, wordsEach: number): number {
  return Math.ceil((count * wordsEach) / 4);
}

function floating(op: string, shape: Shape, options: RandomOptions): { out: Tensor; wide: boolean } {
  const { dtype = "float32" } = options;
  checkShape(op, shape);
  if (dtype !== "float32" && dtype !== "float64") {
    throw new DTypeError({
      op,
      rule: "makes float32 or float64",
      received: dtype,
      hint: "Convert the result with to()",
    });
  }
  return { out: allocate([...shape], dtype), wide: dtype === "float64" };
}

function finish(out: Tensor, options: RandomOptions): Tensor {
  if (options.requiresGrad) out.requiresGrad = isFloatingPoint(out.dtype);
  return out;
}

/**
 * Uniform random numbers in [0, 1): 24 random bits in float32, 53 in float64. Element i depends on the generator's seed and position and
 * on i alone, not on threads or backend.
 */
export function rand(shape: Shape, options: RandomOptions = {}): Tensor {
  const { out, wide } = floating("rand", shape, options);
  const generator = options.generator ?? defaultGenerator();
  const [key0, key1] = generator.key;
  const offset = generator.reserve(blocksFor(out.size, wide ? 2 : 1));
  engine().kernels.philoxUniform[wide ? "float64" : "float32"](out.ptr, out.size, key0, key1, offset);
  return finish(out, options);
}

/** Normally distributed random numbers (Box and Muller, in float64), mean 0 and standard deviation 1. */
export function randn(shape: Shape, options: RandomOptions = {}): Tensor {
  const { out, wide } = floating("randn", shape, options);
  const generator = options.generator ?? defaultGenerator();
  const [key0, key1] = generator.key;
  const offset = generator.reserve(blocksFor(out.size, 2));
  engine().kernels.philoxNormal[wide ? "float64" : "float32"](out.ptr, out.size, key0, key1, offset);
  return finish(out, options);
}

/** Random whole numbers from `low` to `high - 1`, all equally likely; int64 unless `dtype` says otherwise. */
export function randint(low: number, high: number, shape: Shape, options: RandomOptions = {}): Tensor {
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || high <= low) {
    throw new ArgumentError({ op: "randint", rule: "high must be above low", received: `low ${low}, high ${high}` });
  }
  const generator = options.generator ?? defaultGenerator();
  const dtype = options.dtype ?? "int64";
  const values = Float64Array.from(
    { length: shape.reduce((n, s) => n * s, 1) },
    () => low + generator.integer(high - low),
  );
  return finish(asTensor(values).reshape(shape).to(dtype), options);
}

/** The whole numbers 0 to n - 1 in random order; int64. */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  const order = (options.generator ?? defaultGenerator()).permutation(n);
  return finish(asTensor(BigInt64Array.from(order, BigInt)).to(options.dtype ?? "int64"), options);
}

/** 1 with probability `p` (a number or a tensor of them), else 0, in p's shape and dtype. */
export function bernoulli(p: TensorArg, options: { readonly generator?: Generator } = {}): Tensor {
  const chance = asTensor(p);
  const draw = rand(chance.shape, { ...options, dtype: chance.dtype });
  return draw.lt(chance).to(chance.dtype).detach();
}
