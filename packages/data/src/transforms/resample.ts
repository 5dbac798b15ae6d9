/** Filters for resizing. */
export type Interpolation = "bilinear" | "bicubic";

interface Filter {
  readonly support: number;
  weight(x: number): number;
}

const filters: { readonly [name in Interpolation]: Filter } = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: cubic },
};

/** Keys' cubic convolution (1981) with a = -0.5. */
function cubic(x: number): number {
  const a = -0.5;
  const t = Math.abs(x);
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
}

/** For every output position: the first source position, how many, and their weights, which sum to 1. */
interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** Weights of output i start at `i * stride`. */
  readonly weights: Float64Array;
  readonly stride: number;
}

function taps(from: number, to: number, { support, weight }: Filter, antialias: boolean): Taps {
  const scale = from / to;
  const stretch = antialias ? Math.max(scale, 1) : 1;
  const reach = support * stretch;
  const stride = Math.ceil(reach) * 2 + 1;
  const first = new Int32Array(to);
  const count = new Int32Array(to);
  const weights = new Float64Array(to * stride);
  for (let i = 0; i < to; i++) {
    const center = (i + 0.5) * scale;
    const low = Math.max(0, Math.trunc(center - reach + 0.5));
    const high = Math.min(from, Math.trunc(center + reach + 0.5));
    let sum = 0;
    for (let j = low; j < high; j++) {
      const w = weight((j - center + 0.5) / stretch);
      weights[i * stride + j - low] = w;
      sum += w;
    }
    for (let j = 0; j < high - low; j++) weights[i * stride + j]! /= sum;
    first[i] = low;
    count[i] = high - low;
  }
  return { first, count, weights, stride };
}

/** Pictures along one axis: `before` runs of `length` groups of `inner` neighbouring values. */
interface Axis {
  readonly before: number;
  readonly from: number;
  readonly to: number;
  readonly inner: number;
}

/** Outputs that share a window: output j, at `to + j outStep`, weighs the inputs at `from + j inStep + k tapStep`. */
export interface Stripe {
  readonly from: number;
  readonly inStep: number;
  readonly tapStep: number;
  readonly to: number;
  readonly outStep: number;
  readonly outputs: number;
  /** Index of the first weight. */
  readonly weight: number;
  readonly taps: number;
}

// Few enough runs that the lines they touch stay in the first cache while windows move along.
const BLOCK = 96;

/**
 * Cuts an axis into stripes. A window's weights are the same for all runs, so they are looked up once for many outputs. `use` gets the same
 * object each time, with other values: there are thousands of short stripes.
 */
function forEachStripe({ before, from, to, inner }: Axis, t: Taps, use: (stripe: Stripe) => void): void {
  const { first, count, stride } = t;
  const contiguous = inner > 4;
  const [inStep, outStep] = contiguous ? [1, 1] : [from * inner, to * inner];
  const stripe = { from: 0, inStep, tapStep: inner, to: 0, outStep, outputs: inner, weight: 0, taps: 0 };
  for (let run = 0; run < before; run += contiguous ? 1 : BLOCK) {
    if (!contiguous) stripe.outputs = Math.min(BLOCK, before - run);
    for (let i = 0; i < to; i++) {
      stripe.weight = i * stride;
      stripe.taps = count[i]!;
      for (let c = 0; c < (contiguous ? 1 : inner); c++) {
        stripe.from = (run * from + first[i]!) * inner + c;
        stripe.to = (run * to + i) * inner + c;
        use(stripe);
      }
    }
  }
}

/** Values with `channels` of them a pixel, in `planes` pictures one after the other. */
export interface Source<A> {
  readonly data: A;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly planes: number;
}

/** What resizing does with values of one kind. */
export interface Arithmetic<A> {
  make(length: number): A;
  /** A function that computes stripes with these weights. */
  blend(data: A, out: A, weights: Float64Array): (stripe: Stripe) => void;
}

/** Resized along rows, then along columns; an axis that keeps its size is left alone. */
export function resample<A extends { readonly length: number }>(
  { data, width, height, channels, planes }: Source<A>,
  { make, blend }: Arithmetic<A>,
  [newHeight, newWidth]: readonly [number, number],
  { interpolation, antialias }: { readonly interpolation: Interpolation; readonly antialias: boolean },
): A {
  let result = data;
  const along = (axis: Axis) => {
    const { before, from, to, inner } = axis;
    if (from === to) return;
    const t = taps(from, to, filters[interpolation], antialias);
    const out = make(before * to * inner);
    forEachStripe(axis, t, blend(result, out, t.weights));
    result = out;
  };
  along({ before: planes * height, from: width, to: newWidth, inner: channels });
  along({ before: planes, from: height, to: newHeight, inner: newWidth * channels });
  return result;
}
