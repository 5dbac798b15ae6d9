import {
  ArgumentError,
  defaultGenerator,
  fromTypedArray,
  type Generator,
  noGrad,
  rand,
  randn,
  type Tensor,
  type TypedArray,
  tidy,
} from "@tenon/numerics";
import { orthogonalMatrix } from "./init/orthogonal-matrix.ts";
import { truncatedNormal } from "./init/truncated-normal.ts";

/** Who draws the numbers: the default generator (`manualSeed`) unless one is given. */
export interface InitOptions {
  readonly generator?: Generator;
}

export type Nonlinearity =
  | "linear"
  | "conv1d"
  | "conv2d"
  | "conv3d"
  | "convTranspose1d"
  | "convTranspose2d"
  | "convTranspose3d"
  | "sigmoid"
  | "tanh"
  | "relu"
  | "leakyRelu"
  | "selu";

export interface KaimingOptions extends InitOptions {
  /** Negative slope of the leaky ReLU that follows; only for `leakyRelu`. Default 0. */
  readonly a?: number;
  /** Whether the variance is kept going forward or backward. Default fanIn. */
  readonly mode?: "fanIn" | "fanOut";
  /** Default leakyRelu. */
  readonly nonlinearity?: Nonlinearity;
}

/**
 * The factor by which the standard deviation of weights grows to make up for what a nonlinearity takes away:
 * 1 for linear maps and sigmoid, 5/3 for tanh, √2 for ReLU, √(2 / (1 + slope²)) for leaky ReLU, 3/4 for SELU.
 * @param param The slope of a leaky ReLU. Default 0.01.
 */
export function calculateGain(nonlinearity: Nonlinearity, param?: number): number {
  switch (nonlinearity) {
    case "tanh":
      return 5 / 3;
    case "relu":
      return Math.SQRT2;
    case "leakyRelu":
      return Math.sqrt(2 / (1 + (param ?? 0.01) ** 2));
    case "selu":
      return 3 / 4;
    default:
      return 1;
  }
}

/** How many inputs feed one output of a weight `[out, in, ...kernel]`, and how many outputs one input feeds. */
export function calculateFans(t: { readonly shape: readonly number[] }): { fanIn: number; fanOut: number } {
  const [out = 0, into = 0, ...kernel] = t.shape;
  if (t.shape.length < 2) {
    throw new ArgumentError({
      op: "calculateFans",
      rule: "fan in and fan out need at least two dimensions",
      received: `[${t.shape.join(", ")}]`,
      expected: "a weight [out, in, ...kernel]",
    });
  }
  const window = kernel.reduce((product, n) => product * n, 1);
  return { fanIn: into * window, fanOut: out * window };
}

/** Fills with numbers drawn evenly from [low, high). Default [0, 1). */
export function uniform_(t: Tensor, low = 0, high = 1, options: InitOptions = {}): Tensor {
  return overwrite(t, () =>
    rand(t.shape, drawOptions(t, options))
      .mul(high - low)
      .add(low),
  );
}

/** Fills with normally distributed numbers. Default mean 0, standard deviation 1. */
export function normal_(t: Tensor, mean = 0, std = 1, options: InitOptions = {}): Tensor {
  return overwrite(t, () => randn(t.shape, drawOptions(t, options)).mul(std).add(mean));
}

/** Fills with normally distributed numbers of which only those in [a, b] are taken. Default mean 0, std 1, [-2, 2]. */
export function truncNormal_(
  t: Tensor,
  { mean = 0, std = 1, a = -2, b = 2, generator = defaultGenerator() }: TruncNormalOptions = {},
): Tensor {
  if (!(a < b) || !(std > 0)) {
    throw new ArgumentError({
      op: "truncNormal_",
      rule: "needs a < b and std > 0",
      received: `a ${a}, b ${b}, std ${std}`,
    });
  }
  const [low, high] = [(a - mean) / std, (b - mean) / std];
  // Rounding must not leave the interval that was asked for.
  const draw = () => Math.min(b, Math.max(a, mean + std * truncatedNormal(low, high, generator)));
  return overwrite(t, () => fromNumbers(t, draw));
}

export interface TruncNormalOptions extends InitOptions {
  readonly mean?: number;
  readonly std?: number;
  readonly a?: number;
  readonly b?: number;
}

export function constant_(t: Tensor, value: number): Tensor {
  return noGrad(() => t.fill_(value));
}

export function ones_(t: Tensor): Tensor {
  return constant_(t, 1);
}

export function zeros_(t: Tensor): Tensor {
  return constant_(t, 0);
}

/** Fills a matrix with the identity: 1 where row and column are equal, else 0. */
export function eye_(t: Tensor): Tensor {
  requireRank("eye_", t, 2, 2);
  const columns = t.shape[1]!;
  return overwrite(t, () => fromNumbers(t, (i) => (Math.floor(i / columns) === i % columns ? 1 : 0)));
}

/**
 * Fills a convolution's weight `[out, in, ...kernel]` so that it passes channels through unchanged: within each group
 * output d has a 1 in the middle of input d's window. Source: PyTorch `dirac_`.
 */
export function dirac_(t: Tensor, { groups = 1 }: { readonly groups?: number } = {}): Tensor {
  requireRank("dirac_", t, 3, 5);
  const [out = 0, into = 0, ...kernel] = t.shape;
  if (out % groups !== 0) {
    throw new ArgumentError({ op: "dirac_", rule: "groups must divide the outputs", received: `${groups} and ${out}` });
  }
  const window = kernel.reduce((product, n) => product * n, 1);
  const middle = kernel.reduce((at, n) => at * n + Math.floor(n / 2), 0);
  const perGroup = out / groups;
  return overwrite(t, () =>
    fromNumbers(t, (i) => {
      const d = Math.floor(i / (into * window)) % perGroup;
      return i % (into * window) === d * window + middle ? 1 : 0;
    }),
  );
}

/**
 * Even draws from ±gain·√(6 / (fanIn + fanOut)), so that neither activations nor gradients grow from layer to layer.
 * Source: Glorot, Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010).
 */
export function xavierUniform_(t: Tensor, { gain = 1, ...options }: XavierOptions = {}): Tensor {
  const { fanIn, fanOut } = calculateFans(t);
  const bound = gain * Math.sqrt(6 / (fanIn + fanOut));
  return uniform_(t, -bound, bound, options);
}

/** The same with a normal distribution of standard deviation gain·√(2 / (fanIn + fanOut)). */
export function xavierNormal_(t: Tensor, { gain = 1, ...options }: XavierOptions = {}): Tensor {
  const { fanIn, fanOut } = calculateFans(t);
  return normal_(t, 0, gain * Math.sqrt(2 / (fanIn + fanOut)), options);
}

export interface XavierOptions extends InitOptions {
  /** See `calculateGain`. Default 1. */
  readonly gain?: number;
}

/**
 * Even draws from ±gain·√(3 / fan): keeps the variance through layers followed by (leaky) ReLU.
 * Source: He, Zhang, Ren, Sun, "Delving deep into rectifiers" (2015).
 */
export function kaimingUniform_(t: Tensor, options: KaimingOptions = {}): Tensor {
  const bound = Math.sqrt(3) * kaimingStd(t, options);
  return uniform_(t, -bound, bound, options);
}

/** The same with a normal distribution of standard deviation gain / √fan. */
export function kaimingNormal_(t: Tensor, options: KaimingOptions = {}): Tensor {
  return normal_(t, 0, kaimingStd(t, options), options);
}

function kaimingStd(t: Tensor, { a = 0, mode = "fanIn", nonlinearity = "leakyRelu" }: KaimingOptions): number {
  return calculateGain(nonlinearity, a) / Math.sqrt(calculateFans(t)[mode]);
}

/**
 * Fills with a matrix whose rows (or columns, if there are more rows) are orthogonal and of norm gain; further dimensions count as columns.
 * Source: Saxe, McClelland, Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear networks" (2013).
 */
export function orthogonal_(t: Tensor, { gain = 1, generator = defaultGenerator() }: XavierOptions = {}): Tensor {
  requireRank("orthogonal_", t, 2, Number.POSITIVE_INFINITY);
  const rows = t.shape[0]!;
  const matrix = orthogonalMatrix(rows, rows === 0 ? 0 : t.size / rows, generator);
  return overwrite(t, () => fromNumbers(t, (i) => gain * matrix[i]!));
}

/**
 * Fills a matrix with normal numbers of standard deviation `std` and then sets the share `sparsity` of each column (rounded up)
 * to 0. Source: Martens, "Deep learning via Hessian-free optimization" (2010).
 */
export function sparse_(
  t: Tensor,
  sparsity: number,
  { std = 0.01, generator = defaultGenerator() }: InitOptions & { readonly std?: number } = {},
): Tensor {
  requireRank("sparse_", t, 2, 2);
  const [rows = 0, columns = 0] = t.shape;
  const zeros = Math.ceil(sparsity * rows);
  const values = Float64Array.from({ length: rows * columns }, () => generator.normal(0, std));
  for (let column = 0; column < columns; column++) {
    for (const row of generator.permutation(rows).subarray(0, zeros)) values[row * columns + column] = 0;
  }
  return overwrite(t, () => fromNumbers(t, (i) => values[i]!));
}

function requireRank(op: string, t: Tensor, least: number, most: number): void {
  if (t.ndim >= least && t.ndim <= most) return;
  throw new ArgumentError({
    op,
    rule: "wrong number of dimensions",
    received: `[${t.shape.join(", ")}]`,
    expected: least === most ? `${least}` : `${least} or more`,
  });
}

function drawOptions(t: Tensor, { generator }: InitOptions) {
  return { dtype: t.dtype, ...(generator === undefined ? {} : { generator }) };
}

function fromNumbers(t: Tensor, value: (i: number) => number): Tensor {
  const wide = Float64Array.from({ length: t.size }, (_, i) => value(i)) as TypedArray;
  return fromTypedArray(wide, t.shape, "float64");
}

/** Copies what `make` gives into `t`, which keeps its identity; nothing is recorded, and what was made on the way is freed. */
function overwrite(t: Tensor, make: () => Tensor): Tensor {
  return noGrad(() => {
    tidy(() => void t.copy_(make()));
    return t;
  });
}
