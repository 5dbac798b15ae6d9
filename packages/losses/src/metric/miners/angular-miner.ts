import { checkOption } from "../../core/check-option.ts";
import { lpMeasure } from "../measure.ts";
import { type TripletIndices, TripletList } from "../pair-indices.ts";
import { unitRows } from "../unit-rows.ts";
import { defineMiner } from "./define-miner.ts";

export interface AngularMinerOptions {
  /** In degrees. Default 20. */
  readonly angle: number;
}

/**
 * Triplets whose angle at the negative, as the angular loss defines it, is above a threshold: `atan(|a - p| / (2 |n - (a + p) / 2|)) > angle`.
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`. Embeddings are normalised.
 * Source: Wang et al., "Deep Metric Learning with Angular Loss" (2017), arXiv 1708.01682.
 * @throws ArgumentError unless the angle lies between 0 and 90 degrees, and for another `distance`; ShapeError; DTypeError for labels that are no whole numbers.
 * @example angularMiner([[1, 0], [1, 1], [0, 1]], [0, 0, 1], { angle: 10 }).anchors.toArray() // [0, 1]
 */
export const angularMiner = /* @__PURE__ */ defineMiner<TripletIndices, AngularMinerOptions>(
  "angularMiner",
  ({ others, value, batch }, { angle }) => {
    const size = batch.embeddings.shape[1]!;
    const [x, y] = [batch.embeddings, batch.references].map((t) => unitRows(t).data() as Float64Array);
    // Vectors of length 1: no square overflows or matters when it underflows.
    const fromCentre = (a: number, p: number, n: number) => {
      let sum = 0;
      for (let d = 0; d < size; d++) {
        sum += (y![n * size + d]! - (x![a * size + d]! + y![p * size + d]!) / 2) ** 2;
      }
      return Math.sqrt(sum);
    };
    const slope = 2 * Math.tan((angle * Math.PI) / 180);
    const list = new TripletList();
    others.forEach(({ positives, negatives }, a) => {
      for (const p of positives) {
        for (const n of negatives) if (value(a, p) > slope * fromCentre(a, p, n)) list.add(a, p, n);
      }
    });
    return list.indices();
  },
  {
    defaults: { angle: 20 },
    distance: lpMeasure,
    check: ({ angle, distance }) => {
      checkOption("angularMiner", "angle", String(angle), "between 0 and 90 degrees", angle > 0 && angle < 90);
      checkOption(
        "angularMiner",
        "distance",
        distance?.name,
        "left out: the angle is its measure",
        distance === undefined,
      );
    },
  },
);
