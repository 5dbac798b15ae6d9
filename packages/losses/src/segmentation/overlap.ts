import { minimum, scatter, scatterAdd, type Tensor, where, zeros } from "@tenon/numerics";
import { ofClasses, type Regions } from "./regions.ts";

/** How pixels are counted. */
export interface CountOptions {
  /** Whether the counts run over all images of the batch, which makes small regions less jumpy, or over each image. Default false. */
  readonly batch?: boolean;
  /** Counts squared errors, as V-Net does: the denominator of Dice becomes `sum p^2 + sum t^2`. Default false. */
  readonly squared?: boolean;
  /** Counts soft targets so that a prediction equal to them costs nothing: hits are `min(p, t)`, errors `|p - t|`. Default false. */
  readonly softLabel?: boolean;
}

/** Sums over the pixels: `[N, C]`, or `[C]` over a whole batch; only classes that count. All terms are 0 or more, so no digit cancels. */
export interface Counts {
  /** `sum t p`. */
  readonly tp: Tensor;
  /** `sum (1 - t) p`. */
  readonly fp: Tensor;
  /** `sum t (1 - p)`. */
  readonly fn: Tensor;
  /** `sum (1 - t) (1 - p)`. */
  tn(): Tensor;
  /** `sum t`: the size of each true region. */
  size(): Tensor;
}

/** True and false positives and negatives of every class. */
export function overlap(regions: Regions, options: CountOptions): Counts {
  const { firstClass } = regions;
  const total = (counts: Tensor) => {
    const some = ofClasses(counts, firstClass);
    return options.batch === true ? some.sum(0) : some;
  };
  const { tp, fp, fn, tn, size } =
    regions.index === undefined ? denseCounts(regions, options) : indexedCounts(regions, regions.index, options);
  return { tp: total(tp), fp: total(fp), fn: total(fn), tn: () => total(tn()), size: () => total(size()) };
}

/** By class indices: what belongs to a pixel's own class is gathered and added up there; the truth never becomes one-hot. */
function indexedCounts({ predicted, kept, shape }: Regions, index: Tensor, { squared = false }: CountOptions): Counts {
  const own = predicted.at(index);
  const pixels = index.squeeze(1);
  const none = zeros([shape[0]!, shape[1]!], { dtype: predicted.p.dtype });
  const perClass = (values: Tensor) => scatterAdd(none, 1, pixels, values.squeeze(1));
  const others = (values: Tensor) => scatter(values, 1, index, 0);
  const power = (values: Tensor) => (squared ? values.square() : values);
  const ones = zeros(index.shape, { dtype: none.dtype }).add(1);
  return {
    tp: perClass(own.p),
    fp: power(others(predicted.p)).sum(2),
    fn: perClass(power(own.q)),
    tn: () => others(predicted.q()).sum(2),
    size: () => perClass(kept === undefined ? ones : where(kept, ones, 0)),
  };
}

function denseCounts(regions: Regions, { squared = false, softLabel = false }: CountOptions): Counts {
  const { p } = regions.predicted;
  const q = regions.predicted.q();
  const t = regions.truth();
  const rest = t.neg().add(1);
  const size = () => t.sum(2);
  if (!squared && !softLabel) {
    return { tp: t.mul(p).sum(2), fp: rest.mul(p).sum(2), fn: t.mul(q).sum(2), tn: () => rest.mul(q).sum(2), size };
  }
  const missing = difference(regions);
  const power = (values: Tensor) => (squared ? values.square() : values);
  return {
    tp: (squared ? t.mul(p) : minimum(t, p)).sum(2),
    fp: power(missing.neg().relu()).sum(2),
    fn: power(missing.relu()).sum(2),
    tn: () => (squared ? rest.mul(q) : minimum(rest, q)).sum(2),
    size,
  };
}

/** `t - p`, as the difference of the complements where both are near 1. */
export function difference({ predicted, truth }: Pick<Regions, "predicted" | "truth">): Tensor {
  const t = truth();
  return where(t.gt(0.5), predicted.q().sub(t.neg().add(1)), t.sub(predicted.p));
}
