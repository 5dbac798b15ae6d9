import { ArgumentError, DTypeError, ShapeError } from "@tenon/numerics";
import type { ErrorCase, Sample } from "@tenon/numerics/testing";
import { cosineMeasure, dotMeasure, lpMeasure, type Measure, snrMeasure } from "../metric/measure.ts";
import { fixtures } from "./fixtures.ts";

// What JSON cannot hold: measures by name, and the indices of a miner, whose lists are options of their own there.

const MEASURES: Readonly<Record<string, () => Measure>> = {
  cosine: cosineMeasure,
  dot: dotMeasure,
  l1: () => lpMeasure({ p: 1 }),
  l2: lpMeasure,
  squared: () => lpMeasure({ power: 2 }),
  raw: () => lpMeasure({ normalize: false }),
  cubed: () => lpMeasure({ p: 3, power: 3, normalize: false }),
  "raw snr": () => snrMeasure({ normalize: false }),
};

const LISTS = ["anchors", "positives", "negativeAnchors", "negatives"];

function withValues(arg: unknown): unknown {
  if (typeof arg !== "object" || arg === null || Object.getPrototypeOf(arg) !== Object.prototype) return arg;
  const options = Object.entries(arg as Record<string, unknown>);
  const lists = options.filter(([key]) => LISTS.includes(key));
  const others = options.filter(([key]) => !LISTS.includes(key));
  return {
    ...Object.fromEntries(others.map(([key, v]) => [key, key === "distance" ? MEASURES[v as string]!() : v])),
    ...(lists.length > 0 && { indices: Object.fromEntries(lists) }),
  };
}

// What finite differences cannot tell, by the names that samples of many losses have.
const SKIPS: Readonly<Record<string, Partial<Sample>>> = {
  huge: { gradient: "finite differences do not move embeddings of this size" },
  tiny: { gradient: "the steps of finite differences are longer than the embeddings" },
  "zero vectors": { gradient: "the direction of a vector jumps at zero" },
  "all equal": { gradient: "the distance has a kink at zero" },
  "far apart": { secondGradient: "the distance of nearly equal embeddings bends too sharply for finite differences" },
  "all ignored": { gradient: "0 / 0", onnx: "0 / 0" },
};

/** Samples of one loss, measure or miner in `fixtures/<file>.json`, which a script metric_*.py wrote. */
export function metricFixtures(
  file: string,
  loss: string,
  extra: Readonly<Record<string, Partial<Sample>>> = {},
): Sample[] {
  return fixtures(file, loss, extra).map((sample) => ({
    ...SKIPS[sample.name ?? ""],
    ...sample,
    args: (make) => sample.args(make).map(withValues),
  }));
}

/** What every loss of pairs and every miner refuses. */
export function pairErrors(name: string): ErrorCase[] {
  return [
    {
      args: ({ index }) => [[[1, 2]], index([0, 1])],
      error: ShapeError,
      message: new RegExp(`${name}: there must be one label for each embedding.*labels \\[2\\].*\\[1, 2\\]`),
    },
    {
      args: ({ index }) => [[1, 2], index([0])],
      error: ShapeError,
      message: new RegExp(`${name}: embeddings must be a matrix.*\\[2\\]`),
    },
    { args: () => [[[1, 2]], [0.5]], error: DTypeError, message: /indices must be whole numbers.*0.5/ },
  ];
}

/** Such an option, refused with such a text. */
export function badOption(options: object, message: RegExp): ErrorCase {
  return { args: ({ index }) => [[[1, 2]], index([0]), options], error: ArgumentError, message };
}
