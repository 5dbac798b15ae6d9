import { asIndexTensor, fromTypedArray, type Tensor, type TensorArg, tidy } from "@tenon/numerics";

/** Pairs by position: anchors in the batch, the others in the batch or in the references. All int64. */
export interface PairIndices {
  /** `[P]`: the anchors of the positive pairs. */
  readonly anchors: Tensor;
  /** `[P]`: what belongs to the same class. */
  readonly positives: Tensor;
  /** `[Q]`: the anchors of the negative pairs. */
  readonly negativeAnchors: Tensor;
  /** `[Q]`: what belongs to another class. */
  readonly negatives: Tensor;
}

/** Triplets by position. All int64, `[T]`. */
export interface TripletIndices {
  readonly anchors: Tensor;
  readonly positives: Tensor;
  readonly negatives: Tensor;
}

/** What is compared with what: references instead of the batch itself. */
export interface ReferenceOptions {
  /** What the embeddings are compared with, `[M, D]`. Default: the embeddings themselves, each with the others. */
  readonly referenceEmbeddings?: TensorArg;
  /** The references' classes, `[M]`. */
  readonly referenceLabels?: TensorArg;
  /** Where each embedding lies among the references, `[N]` (-1 where it does not): it is not paired with itself. Default: nowhere. */
  readonly ownReference?: TensorArg;
}

export type LabelOptions = Pick<ReferenceOptions, "referenceLabels" | "ownReference">;

export function isPairs(indices: PairIndices | TripletIndices): indices is PairIndices {
  return "negativeAnchors" in indices;
}

/** Positions as int64. By way of int32, because making bigints is slow. */
export function indexTensor(values: readonly number[]): Tensor {
  return fromTypedArray(Int32Array.from(values), [values.length]).to("int64");
}

export function indexValues(indices: TensorArg): number[] {
  return tidy(() => Array.from(asIndexTensor(indices).detach().to("int64").data() as BigInt64Array, Number));
}

/** Lists of pairs in plain numbers, as miners fill them. */
export class PairList {
  readonly #rows: readonly [number[], number[], number[], number[]] = [[], [], [], []];

  positive(anchor: number, other: number): void {
    this.#rows[0].push(anchor);
    this.#rows[1].push(other);
  }

  negative(anchor: number, other: number): void {
    this.#rows[2].push(anchor);
    this.#rows[3].push(other);
  }

  indices(): PairIndices {
    const [anchors, positives, negativeAnchors, negatives] = this.#rows.map(indexTensor);
    return { anchors: anchors!, positives: positives!, negativeAnchors: negativeAnchors!, negatives: negatives! };
  }
}

/** Triplets in plain numbers. */
export class TripletList {
  readonly #rows: readonly [number[], number[], number[]] = [[], [], []];

  add(anchor: number, positive: number, negative: number): void {
    this.#rows[0].push(anchor);
    this.#rows[1].push(positive);
    this.#rows[2].push(negative);
  }

  indices(): TripletIndices {
    const [anchors, positives, negatives] = this.#rows.map(indexTensor);
    return { anchors: anchors!, positives: positives!, negatives: negatives! };
  }
}

/** The others of each anchor: of its class, and of other classes. */
export interface Others {
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

/** For every anchor, what its class is among the references and what is not, itself left out. */
function othersByLabel(labels: TensorArg, { referenceLabels, ownReference }: LabelOptions = {}): Others[] {
  const own = indexValues(labels);
  const references = referenceLabels === undefined ? own : indexValues(referenceLabels);
  const place = ownReference === undefined ? undefined : indexValues(ownReference);
  const self = (i: number) => (place !== undefined ? place[i]! : referenceLabels === undefined ? i : -1);
  return own.map((label, i) => {
    const [positives, negatives]: [number[], number[]] = [[], []];
    references.forEach((other, j) => {
      if (j !== self(i)) (other === label ? positives : negatives).push(j);
    });
    return { positives, negatives };
  });
}

/**
 * All pairs that labels make: positives of the same class (an embedding is not paired with itself), negatives of different ones.
 * @example pairsFromLabels([0, 0, 1]).positives.toArray() // [1, 0]
 */
export function pairsFromLabels(labels: TensorArg, options: LabelOptions = {}): PairIndices {
  const list = new PairList();
  othersByLabel(labels, options).forEach(({ positives, negatives }, i) => {
    for (const p of positives) list.positive(i, p);
    for (const n of negatives) list.negative(i, n);
  });
  return list.indices();
}

/**
 * All triplets that labels make: an anchor, another one of its class, one of another class.
 * @example tripletsFromLabels([0, 0, 1]).anchors.toArray() // [0, 1]
 */
export function tripletsFromLabels(labels: TensorArg, options: LabelOptions = {}): TripletIndices {
  const list = new TripletList();
  othersByLabel(labels, options).forEach(({ positives, negatives }, i) => {
    for (const p of positives) for (const n of negatives) list.add(i, p, n);
  });
  return list.indices();
}

/** Triplets of every positive pair with every negative pair of the same anchor. */
export function tripletsOfPairs(pairs: PairIndices): TripletIndices {
  const negatives = new Map<number, number[]>();
  const others = indexValues(pairs.negatives);
  indexValues(pairs.negativeAnchors).forEach((a, i) => {
    const own = negatives.get(a);
    if (own === undefined) negatives.set(a, [others[i]!]);
    else own.push(others[i]!);
  });
  const list = new TripletList();
  const positives = indexValues(pairs.positives);
  indexValues(pairs.anchors).forEach((a, i) => {
    for (const n of negatives.get(a) ?? []) list.add(a, positives[i]!, n);
  });
  return list.indices();
}
