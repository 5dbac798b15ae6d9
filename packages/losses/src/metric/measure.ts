import { cdist, matmul, type Tensor, where } from "@tenon/numerics";
import { checkOption, checkPositive } from "../core/check-option.ts";
import { unitRows } from "./unit-rows.ts";

/** How far apart embeddings are, or how similar: what pair losses and miners take as `distance`. One of one's own has these three fields. */
export interface Measure {
  /** For messages. */
  readonly name: string;
  /** Whether greater means closer. */
  readonly similarity: boolean;
  /** Every row of `a` `[N, D]` against every row of `b` `[M, D]`, to `[N, M]`. */
  readonly matrix: (a: Tensor, b: Tensor) => Tensor;
}

/**
 * The cosine of the angle between embeddings; greater is closer. Right for vectors of any size; a vector of zeros has cosine 0 and gradient 0.
 * @example infoNceLoss(embeddings, labels, { distance: cosineMeasure() })
 */
export function cosineMeasure(): Measure {
  return { name: "cosine", similarity: true, matrix: (a, b) => matmul(unitRows(a), unitRows(b).t()) };
}

/** The inner product; greater is closer. */
export function dotMeasure(): Measure {
  return { name: "dot product", similarity: true, matrix: (a, b) => matmul(a, b.t()) };
}

export interface LpMeasureOptions {
  /** Order of the norm. Default 2. */
  readonly p?: number;
  /** 2 squares the distance. Default 1. */
  readonly power?: number;
  /** Whether embeddings are scaled to length 1 first. Default true. */
  readonly normalize?: boolean;
}

/**
 * `|a - b|_p ^ power`. Taken from the differences themselves, so that equal embeddings have distance 0 exactly, with gradient 0.
 * @throws ArgumentError for a p below 1 (no norm), or a power that is not above 0.
 */
export function lpMeasure({ p = 2, power = 1, normalize = true }: LpMeasureOptions = {}): Measure {
  checkOption("lpMeasure", "p", String(p), "1 or more", p >= 1);
  checkPositive("lpMeasure", "power", power);
  const name = `L${p} distance${power === 1 ? "" : ` to the power ${power}`}`;
  const matrix = (a: Tensor, b: Tensor): Tensor => {
    const [x, y] = normalize ? [unitRows(a), unitRows(b)] : [a, b];
    const distances = cdist(x, y, { p });
    return power === 1 ? distances : power === 2 ? distances.square() : distances.pow(power);
  };
  return { name, similarity: false, matrix };
}

export interface SnrMeasureOptions {
  /** Whether embeddings are scaled to length 1 first. Default true. */
  readonly normalize?: boolean;
}

/**
 * The noise to signal ratio of an anchor and another embedding: `var(anchor - other) / var(anchor)`, over the elements of a vector. Not symmetric. An anchor
 * whose elements are all equal is at distance 0 from others of that kind and infinitely far from the rest, with gradient 0.
 * Source: Yuan et al., "Signal-to-Noise Ratio: A Robust Distance Metric for Deep Metric Learning" (2019), arXiv 1904.02616.
 */
export function snrMeasure({ normalize = true }: SnrMeasureOptions = {}): Measure {
  const matrix = (a: Tensor, b: Tensor): Tensor => {
    const [x, y] = normalize ? [unitRows(a), unitRows(b)] : [a, b];
    const [anchor, other] = [centred(x), centred(y)];
    const noise = cdist(anchor, other).square();
    const signal = anchor.square().sum(-1).unsqueeze(1);
    const silent = signal.eq(0);
    const ratio = noise.div(where(silent, 1, signal));
    return where(silent.logicalAnd(noise.gt(0)), Number.POSITIVE_INFINITY, ratio);
  };
  return { name: "SNR distance", similarity: false, matrix };
}

// Compared with its first element before, so that a vector of equal elements gives exactly 0: the mean of them may round.
function centred(x: Tensor): Tensor {
  if (x.shape.at(-1) === 0) return x;
  const shifted = x.sub(x.detach().narrow(-1, 0, 1));
  return shifted.sub(shifted.mean(-1, { keepdim: true }));
}
