import { isTracing, type Tensor } from "@tenon/numerics";
import { type PairBatch, pick } from "./define-pair-loss.ts";
import { indexTensor, type TripletIndices } from "./pair-indices.ts";

/** Rows that a formula takes, and which of them are meant: all, unless the masks could not be read. */
export interface Chosen {
  readonly valid: Tensor;
}

export interface ChosenTriplets extends TripletIndices, Chosen {}

export interface ChosenPairs extends Chosen {
  readonly anchors: Tensor;
  readonly positives: Tensor;
}

/** The triplets of a batch: those given, else all of every positive with every negative pair of an anchor. */
export function tripletsOf({ positives, negatives, triplets }: PairBatch): ChosenTriplets {
  const [n, m] = positives.shape as [number, number];
  if (triplets !== undefined) return { ...triplets, valid: triplets.anchors.eq(triplets.anchors) };
  const rows: [number[], number[], number[]] = [[], [], []];
  const [isPositive, isNegative] = [readMask(positives), readMask(negatives)];
  for (let a = 0; a < n; a++) {
    for (let p = 0; p < m; p++) {
      if (!isPositive(a * m + p)) continue;
      for (let k = 0; k < m; k++) {
        if (!isNegative(a * m + k)) continue;
        rows[0].push(a);
        rows[1].push(p);
        rows[2].push(k);
      }
    }
  }
  const [anchors, near, far] = rows.map(indexTensor) as [Tensor, Tensor, Tensor];
  const valid = pick(positives, anchors, near).logicalAnd(pick(negatives, anchors, far));
  return { anchors, positives: near, negatives: far, valid };
}

/** The positive pairs of a batch. */
export function positivePairsOf({ positives }: PairBatch): ChosenPairs {
  const [n, m] = positives.shape as [number, number];
  const isPositive = readMask(positives);
  const rows: [number[], number[]] = [[], []];
  for (let a = 0; a < n; a++) {
    for (let p = 0; p < m; p++) {
      if (!isPositive(a * m + p)) continue;
      rows[0].push(a);
      rows[1].push(p);
    }
  }
  const [anchors, near] = rows.map(indexTensor) as [Tensor, Tensor];
  return { anchors, positives: near, valid: pick(positives, anchors, near) };
}

// A trace has no values to read: there every combination is taken, and `valid` says which are meant.
function readMask(mask: Tensor): (at: number) => boolean {
  if (isTracing()) return () => true;
  const values = mask.detach().data() as ArrayLike<number | boolean>;
  return (at) => Boolean(values[at]);
}
