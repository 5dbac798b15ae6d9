import {
  arange,
  asIndexTensor,
  DTypeError,
  formatShape,
  IndexOutOfRangeError,
  indexSelect,
  isFloatingPoint,
  isTracing,
  ShapeError,
  sameShape,
  scatter,
  type Tensor,
  type TensorArg,
  zeros,
} from "@tenon/numerics";
import { doubles } from "../core/doubles.ts";
import { LossModule } from "../core/loss-class.ts";
import { type Loss, lossFunction } from "../core/loss-function.ts";
import type { Losses, LossParts, OnEmpty, ReductionOptions } from "../core/reduction.ts";
import type { Measure } from "./measure.ts";
import { indexValues, isPairs, type PairIndices, type ReferenceOptions, type TripletIndices } from "./pair-indices.ts";

/** What one call of a pair loss may be given besides the embeddings and their labels. */
export interface TupleOptions extends ReferenceOptions {
  /** The pairs or triplets that count, as a miner gives them. Default: all that the labels make. */
  readonly indices?: PairIndices | TripletIndices;
}

export interface PairLossOptions extends TupleOptions, ReductionOptions {
  /** How embeddings are compared: `cosineMeasure()`, `dotMeasure()`, `lpMeasure(...)`, `snrMeasure()` or one's own. Default: the loss's. */
  readonly distance?: Measure;
  /** What the mean is where there is no pair to take it over: a batch without positives, say. Default "zero". */
  readonly onEmpty?: OnEmpty;
}

/** A batch as the formula of a pair loss sees it. */
export interface PairBatch {
  /** `[N, D]` */
  readonly embeddings: Tensor;
  /** `[M, D]`: the embeddings themselves where no references are given. */
  readonly references: Tensor;
  /** `[N]`, int64. */
  readonly labels: Tensor;
  /** `[M]`, int64. */
  readonly referenceLabels: Tensor;
  /** `[N, M]`, bool: pairs of one class. */
  readonly positives: Tensor;
  /** `[N, M]`, bool: pairs of different classes. */
  readonly negatives: Tensor;
  /** Triplets, where the call was given some. */
  readonly triplets: TripletIndices | undefined;
  readonly measure: Measure;
  /** The measure of every pair, `[N, M]`. */
  values(): Tensor;
  /** The same with greater meaning closer, whatever the measure is. */
  similarities(): Tensor;
  /** By how much values are farther apart than a threshold: `value - threshold`, or the opposite for a similarity. */
  beyond(values: Tensor, threshold: Tensor | number): Tensor;
}

/** A loss of pairs as a function: `loss(embeddings, labels, { distance, indices, reduction, ... })`. */
export type PairLoss<O> = Loss<[embeddings: TensorArg, labels: TensorArg], Partial<O> & PairLossOptions>;

export interface PairLossSettings<O> {
  /** Values of its own options where the caller gives none. */
  readonly defaults?: O;
  /** How embeddings are compared where the caller does not say. */
  readonly distance: () => Measure;
  /** Throws a typed error for options that cannot be used. */
  readonly check?: (options: O & PairLossOptions, measure: Measure) => void;
}

/**
 * Defines a loss of the pairs or triplets of a batch, from embeddings `[N, D]` and labels `[N]`. Masks from labels or from a miner's indices, references (a memory,
 * another view), the measure, float64 and the reduction come with it. A mean over no pairs is 0 (`onEmpty`).
 *
 * @param formula the single losses, and what their mean divides by: only what counts.
 */
export function definePairLoss<O extends object = object>(
  name: string,
  formula: (batch: PairBatch, options: O & PairLossOptions) => Losses,
  settings: PairLossSettings<O>,
): PairLoss<O> {
  type Options = Partial<O> & PairLossOptions;
  const inner = lossFunction(name, (embeddings: TensorArg, labels: TensorArg, options: Options): Losses => {
    const own = { ...settings.defaults, ...options } as unknown as O & PairLossOptions;
    const measure = options.distance ?? settings.distance();
    settings.check?.(own, measure);
    return formula(pairBatch(name, embeddings, labels, options, measure), own);
  });
  const loss = (embeddings: TensorArg, labels: TensorArg, options: Options = {} as Options): Tensor =>
    inner(embeddings, asIndexTensor(labels), { onEmpty: "zero", ...options });
  const parts = (embeddings: TensorArg, labels: TensorArg, options: Options = {} as Options): LossParts =>
    inner.parts(embeddings, asIndexTensor(labels), options);
  Object.defineProperty(loss, "name", { value: name });
  return Object.assign(loss, { parts });
}

/** A pair loss that keeps its options; indices and references come with each call. */
export interface PairLossClass<O> {
  new (
    options?: Partial<O> & PairLossOptions,
  ): LossModule<[embeddings: TensorArg, labels: TensorArg, tuples?: TupleOptions], Partial<O> & PairLossOptions>;
}

/** The class form of a pair loss. */
export function pairLossClass<O extends object>(name: string, loss: PairLoss<O>): PairLossClass<O> {
  type Options = Partial<O> & PairLossOptions;
  const made = class extends LossModule<[TensorArg, TensorArg, TupleOptions?], Options> {
    constructor(options: Options = {} as Options) {
      super(options);
    }

    override forward(embeddings: TensorArg, labels: TensorArg, tuples: TupleOptions = {}): Tensor {
      return loss(embeddings, labels, { ...this.options, ...tuples });
    }
  };
  Object.defineProperty(made, "name", { value: name });
  return made;
}

/** Checked embeddings, labels and references with their masks. */
export function pairBatch(
  op: string,
  embeddings: TensorArg,
  labels: TensorArg,
  options: TupleOptions,
  measure: Measure,
): PairBatch {
  const [x] = doubles(embeddings);
  const own = checkedLabels(op, x, labels);
  const apart = options.referenceEmbeddings !== undefined;
  const [y] = apart ? doubles(options.referenceEmbeddings!) : [x];
  const theirs = apart ? checkedLabels(op, y, options.referenceLabels ?? []) : own;
  checkWidth(op, x, y);
  const same = own.unsqueeze(1).eq(theirs.unsqueeze(0));
  const masks = masksOf(op, same, apart, options);
  let values: Tensor | undefined;
  const batch: PairBatch = {
    embeddings: x,
    references: y,
    labels: own,
    referenceLabels: theirs,
    ...masks,
    measure,
    values: () => {
      values ??= measure.matrix(x, y);
      return values;
    },
    similarities: () => (measure.similarity ? batch.values() : batch.values().neg()),
    beyond: (v, threshold) => (measure.similarity ? v.neg().add(threshold) : v.sub(threshold)),
  };
  return batch;
}

function masksOf(
  op: string,
  same: Tensor,
  apart: boolean,
  { indices, ownReference }: TupleOptions,
): Pick<PairBatch, "positives" | "negatives" | "triplets"> {
  const shape = same.shape as readonly [number, number];
  if (indices !== undefined) {
    checkIndices(op, indices, shape);
    const pairs = isPairs(indices);
    return {
      positives: maskOf(shape, indices.anchors, indices.positives),
      negatives: maskOf(shape, pairs ? indices.negativeAnchors : indices.anchors, indices.negatives),
      triplets: pairs ? undefined : indices,
    };
  }
  const places = arange(0, shape[1], 1, { dtype: "int64" });
  const self = ownReference !== undefined ? ownPlaces(op, ownReference, shape[0]) : apart ? undefined : places;
  const another = self === undefined ? undefined : places.unsqueeze(0).ne(self.unsqueeze(1));
  return {
    positives: another === undefined ? same : same.logicalAnd(another),
    negatives: another === undefined ? same.logicalNot() : same.logicalNot().logicalAnd(another),
    triplets: undefined,
  };
}

/** Which pairs are in a list; one that is in it twice counts once. */
function maskOf(shape: readonly [number, number], rows: Tensor, columns: Tensor): Tensor {
  const at = flatIndex(rows, columns, shape[1]);
  return scatter(zeros([shape[0] * shape[1]], { dtype: "float32" }), 0, at, 1)
    .gt(0)
    .reshape(shape);
}

function flatIndex(rows: Tensor, columns: Tensor, width: number): Tensor {
  return rows.mul(width).add(columns);
}

/** The elements of a matrix at (row, column), one a pair. */
export function pick(matrix: Tensor, rows: Tensor, columns: Tensor): Tensor {
  return indexSelect(matrix.flatten(), 0, flatIndex(rows, columns, matrix.shape[1]!));
}

/** @throws ShapeError, DTypeError unless the embeddings are a floating matrix. */
export function checkMatrix(op: string, x: Tensor): void {
  if (x.ndim !== 2) {
    throw new ShapeError({
      op,
      rule: "embeddings must be a matrix",
      received: formatShape(x.shape),
      expected: "[N, D]: one embedding a row",
    });
  }
  if (!isFloatingPoint(x.dtype)) {
    throw new DTypeError({
      op,
      rule: "embeddings must be floating",
      received: x.dtype,
      hint: "Convert first: x.to('float32')",
    });
  }
}

function checkedLabels(op: string, x: Tensor, labels: TensorArg): Tensor {
  checkMatrix(op, x);
  const own = asIndexTensor(labels).to("int64");
  if (own.ndim === 1 && own.shape[0] === x.shape[0]) return own;
  throw new ShapeError({
    op,
    rule: "there must be one label for each embedding",
    received: `labels ${formatShape(own.shape)} for embeddings ${formatShape(x.shape)}`,
    expected: formatShape([x.shape[0]!]),
  });
}

function checkWidth(op: string, x: Tensor, y: Tensor): void {
  if (x.shape[1] === y.shape[1]) return;
  throw new ShapeError({
    op,
    rule: "embeddings and references differ in size",
    received: `embeddings ${formatShape(x.shape)}, references ${formatShape(y.shape)}`,
  });
}

function ownPlaces(op: string, ownReference: TensorArg, n: number): Tensor {
  const own = asIndexTensor(ownReference).to("int64");
  if (sameShape(own.shape, [n])) return own;
  throw new ShapeError({
    op,
    rule: "ownReference must have one place for each embedding",
    received: formatShape(own.shape),
    expected: formatShape([n]),
  });
}

function checkIndices(op: string, indices: PairIndices | TripletIndices, [n, m]: readonly [number, number]): void {
  const { anchors, positives, negatives } = indices;
  const far = isPairs(indices) ? indices.negativeAnchors : anchors;
  for (const [a, b] of [
    [anchors, positives],
    [far, negatives],
  ] as const) {
    if (a.ndim !== 1 || !sameShape(a.shape, b.shape)) {
      throw new ShapeError({
        op,
        rule: "the indices of a pair must be lists of one length",
        received: `${formatShape(a.shape)} and ${formatShape(b.shape)}`,
      });
    }
    checkPlaces(op, a, n, "an anchor is not in the batch");
    checkPlaces(op, b, m, "an index is not among the embeddings compared with");
  }
}

// Positions are flattened below, where a column too far would be another row's.
function checkPlaces(op: string, places: Tensor, size: number, rule: string): void {
  if (isTracing()) return;
  const values = indexValues(places);
  const at = values.findIndex((v) => v < 0 || v >= size);
  if (at < 0) return;
  throw new IndexOutOfRangeError({
    op,
    rule,
    received: `${values[at]} at position ${at}`,
    expected: `0 to ${size - 1}`,
  });
}
