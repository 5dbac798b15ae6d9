import type { OpCases, Sample } from "./cases.ts";
import { scramble } from "./gradcheck.ts";

/** Shapes of one tensor each: scalar, one element, odd lengths, one longer than any vector, several dimensions, long enough for threads. */
const SHAPES: readonly (readonly number[])[] = [[], [1], [7], [3, 5], [67], [2, 3, 4, 5]];
const EMPTY: readonly (readonly number[])[] = [[0], [2, 0, 3]];

/** Shapes of tensors that broadcast against each other. */
const PAIRS: readonly (readonly (readonly number[])[])[] = [
  [[3, 4], [4]],
  [
    [3, 1],
    [1, 4],
  ],
  [[], [2, 3]],
  [
    [2, 3, 4],
    [3, 1],
  ],
  [[1], [5]],
  [
    [2, 1, 3],
    [4, 1],
  ],
  [[0, 3], [3]],
];

const POINTS = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  2 ** -149,
  -(2 ** -149),
  2 ** -126,
  1e-20,
  -1e-20,
  1e-4,
  3,
  -3,
  17.5,
  -17.5,
  88.9,
  -88.9,
  -104.5,
  1000,
  -1000,
  3.4028234663852886e38,
  -3.4028234663852886e38,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
];

export interface MadeSample extends Sample {
  readonly kind: "shapes" | "broadcast" | "empty" | "special";
}

/** How many tensors the elementwise operation takes; 0 if there is no reference to make samples from. */
function arityOf(cases: OpCases): number {
  return cases.reference === undefined ? 0 : (cases.arity ?? Math.max(1, cases.reference.length));
}

function domainOf(cases: OpCases, input: number): readonly [number, number] {
  const { domain } = cases;
  if (domain === undefined) return [-3, 3];
  const list = domain as readonly unknown[];
  return (Array.isArray(list[0]) ? (list[input] ?? list.at(-1)) : domain) as readonly [number, number];
}

/** float32 numbers inside the domain and away from kinks, so that both dtypes see the same input and differences are smooth. */
function valuesFor(cases: OpCases, input: number, seed: number, n: number): Float32Array {
  const [low, high] = domainOf(cases, input);
  const kinks = cases.kinks ?? [];
  const margin = 1e-3 * (high - low);
  return Float32Array.from(scramble(seed, n), (u) => {
    const x = low + ((high - low) * (u + 1)) / 2;
    const kink = kinks.find((k) => Math.abs(x - k) < margin);
    return kink === undefined ? x : kink + (x < kink ? -margin : margin);
  });
}

function product(shape: readonly number[]): number {
  return shape.reduce((n, s) => n * s, 1);
}

function sampleOf(cases: OpCases, kind: MadeSample["kind"], shapes: readonly (readonly number[])[], seed: number) {
  return {
    kind,
    name: `${kind} ${shapes.map((s) => `[${s.join(", ")}]`).join(" and ")}`,
    args: ({ tensor }) => [
      ...shapes.map((shape, i) => tensor(Array.from(valuesFor(cases, i, 31 * seed + i, product(shape))), { shape })),
      ...(cases.extra ?? []),
    ],
  } satisfies MadeSample;
}

/** All combinations of the special points: the grid for two tensors, the diagonal against a few for more. */
function specialSample(cases: OpCases, arity: number): MadeSample {
  const points = [...POINTS, ...(cases.special ?? [])];
  const columns: number[][] =
    arity === 1
      ? [points]
      : Array.from({ length: arity }, (_, input) =>
          Array.from(
            { length: points.length ** 2 },
            (_, i) => points[(input % 2 === 0 ? Math.floor(i / points.length) : i + input) % points.length]!,
          ),
        );
  return {
    kind: "special",
    name: "NaN, infinities, zeros and extremes",
    args: ({ tensor }) => [...columns.map((column) => tensor(column)), ...(cases.extra ?? [])],
  };
}

/** The samples that the suite makes itself for an elementwise operation. */
export function madeSamples(cases: OpCases): MadeSample[] {
  const arity = arityOf(cases);
  if (arity === 0) return [];
  const same = (shape: readonly number[]) => Array.from({ length: arity }, () => shape);
  return [
    ...SHAPES.map((shape, i) => sampleOf(cases, "shapes", same(shape), i)),
    ...EMPTY.map((shape, i) => sampleOf(cases, "empty", same(shape), i)),
    ...(arity < 2
      ? []
      : PAIRS.map((pair, i) => {
          const shapes = Array.from({ length: arity }, (_, k) => pair[k % 2]!);
          return sampleOf(cases, "broadcast", shapes, 100 + i);
        })),
    specialSample(cases, arity),
  ];
}
