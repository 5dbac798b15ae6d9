import { onesLike } from "../create.ts";
import { ArgumentError, DTypeError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import type { OpCases, Sample } from "../testing/cases.ts";
import { cumsum } from "./cumsum.ts";
import { entmax, entmax15, logEntmax, sparsemax } from "./entmax.ts";
import { sort } from "./sort.ts";

// Values: tools/fixtures/losses/entmax.py --numerics, in arbitrary precision.

const ROWS = [
  [0.5, -1.25, 2, 1.5],
  [0, 0, 0, 0],
  [20, 19.5, -20, 10000.25],
];
const EXPECT: Readonly<Record<number, number[][]>> = {
  1.25: [
    [0.0661108286350843, 2.3425820567881903e-5, 0.6053586362294968, 0.328507109314851],
    [0.25, 0.25, 0.25, 0.25],
    [0, 0, 0, 1],
  ],
  1.5: [
    [0.00479500730240969, 0, 0.6711639941580723, 0.32404099853951807],
    [0.25, 0.25, 0.25, 0.25],
    [0, 0, 0, 1],
  ],
  1.75: [
    [0, 0, 0.7082120142060976, 0.29178798579390247],
    [0.25, 0.25, 0.25, 0.25],
    [0, 0, 0, 1],
  ],
  2: [
    [0, 0, 0.75, 0.25],
    [0.25, 0.25, 0.25, 0.25],
    [0, 0, 0, 1],
  ],
  3: [
    [0, 0, 1, 0],
    [0.25, 0.25, 0.25, 0.25],
    [0, 0, 0, 1],
  ],
  0.5: [
    [0.187084208328525, 0.09845667193030086, 0.40988013647722077, 0.3045789832639534],
    [0.25, 0.25, 0.25, 0.25],
    [4.014237897080106e-8, 4.013835789708123e-8, 3.982259231651174e-8, 0.9999998798966708],
  ],
  [-1]: [
    [0.24512363953075475, 0.22281208993575, 0.27073617188082777, 0.2613280986526675],
    [0.25, 0.25, 0.25, 0.25],
    [0.007077875786148035, 0.007077698505023731, 0.007063735252497983, 0.9787806904563302],
  ],
};

/** Sums of powers of two, spread so that supports of several sizes occur. */
const LOGITS = Float32Array.from({ length: 60 }, (_, i) => ((i * 37) % 64) / 32 - ((i * i) % 7) / 4);

const ALPHAS = [1.25, 1.5, 1.75, 2, 3, 0.5, -1];
const onnxOf = (alpha: number): Partial<Sample> => (alpha > 2 ? { onnx: "alpha above 2 has no ONNX form" } : {});
const kinkOf = (alpha: number): Partial<Sample> =>
  alpha === 3 ? { gradient: "a logit at the edge of the support" } : {};

function byAlpha(of: (p: number) => number): Sample[] {
  return ALPHAS.flatMap((alpha) => {
    const expect = EXPECT[alpha]!.map((row) => row.map(of));
    const options = { alpha };
    return [
      {
        name: `alpha ${alpha}`,
        args: () => [ROWS.slice(0, 2), 1, options],
        expect: expect.slice(0, 2),
        ...kinkOf(alpha),
        ...onnxOf(alpha),
      },
      {
        name: `alpha ${alpha}, a sure row`,
        args: () => [ROWS[2], 0, options],
        expect: expect[2]!,
        gradient: "differences see no slope in a sure row",
        ...onnxOf(alpha),
      },
    ];
  });
}

const across = (values: readonly (readonly number[])[]) => values[0]!.map((_, j) => values.map((row) => row[j]!));
const SPECIAL: readonly Sample[] = [
  {
    name: "infinite logits",
    args: () => [
      [
        [Number.POSITIVE_INFINITY, 0, 3e38],
        [Number.NEGATIVE_INFINITY, 1, 1],
        [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
        [Number.NaN, 1, 0],
      ],
      1,
    ],
    expect: [
      [1, 0, 0],
      [0, 0.5, 0.5],
      [Number.NaN, Number.NaN, Number.NaN],
      [Number.NaN, Number.NaN, Number.NaN],
    ],
    gradient: "finite differences need finite logits",
    onnx: "infinity - infinity",
  },
  { name: "a scalar", args: ({ tensor }) => [tensor(3)], expect: 1 },
  {
    name: "nothing",
    args: ({ tensor }) => [tensor([], { shape: [0, 3] }), 1],
    shape: [0, 3],
    onnx: "onnxruntime ends the process at running sums of nothing",
  },
];

const ERRORS = [
  {
    args: ({ index }: { index: (data: number[]) => unknown }) => [index([1, 2])],
    error: DTypeError,
    message: /takes floating elements.*int64/,
  },
];

/** The papers' algorithm: sort, and take the longest prefix that stays above its own threshold. */
function bySorting(x: Tensor, dim: number, square: boolean): Tensor {
  const logits = x.to("float64").div(square ? 2 : 1);
  const { values } = sort(logits, dim, { descending: true });
  const k = cumsum(onesLike(values), dim);
  const mean = cumsum(values, dim).div(k);
  const spread = cumsum(values.square(), dim).div(k).sub(mean.square());
  const share = onesLike(k).div(k);
  const own = mean.sub(square ? share.sub(spread).relu().sqrt() : share);
  const size = values.gt(own).to("int64").sum(dim, { keepdim: true });
  const kept = logits.sub(own.gather(dim, size.sub(1))).relu();
  return square ? kept.square() : kept;
}

const sorted = (square: boolean): Sample => ({
  name: "as the sorted algorithm",
  args: ({ tensor }) => [tensor(LOGITS, { shape: [5, 12] }), 0],
  composed: (x: Tensor, dim: number) => bySorting(x, dim, square),
  secondGradient: "the composition has none worth comparing",
  tolerance: { float64: 1e-13 },
});

export const cases: OpCases[] = [
  {
    name: "entmax",
    run: entmax,
    samples: [
      ...byAlpha((p) => p),
      ...SPECIAL,
      { name: "dim 0, alpha 1.5", args: () => [across(ROWS), 0], expect: across(EXPECT[1.5]!), gradient: "a sure row" },
    ],
    errors: [
      ...ERRORS,
      {
        args: () => [[1, 2], 0, { alpha: Number.NaN }],
        error: ArgumentError,
        message: /entmax: alpha must be a finite number.*NaN/,
      },
    ],
  },
  {
    name: "logEntmax",
    run: logEntmax,
    samples: [
      ...byAlpha(Math.log).map((sample) => ({
        ...sample,
        ...(sample.name === "alpha 0.5" || sample.name === "alpha -1" || sample.name === "alpha 1.25"
          ? {}
          : { gradient: "differences of infinities outside the support" }),
        tolerance: { float64: { relative: 1e-13, absolute: 1e-15 } },
      })),
    ],
    errors: ERRORS,
  },
  {
    name: "entmax15",
    run: entmax15,
    samples: [{ args: () => [ROWS.slice(0, 2), 1], expect: EXPECT[1.5]!.slice(0, 2) }, sorted(true)],
    errors: ERRORS,
  },
  {
    name: "sparsemax",
    run: sparsemax,
    samples: [{ args: () => [ROWS.slice(0, 2), 1], expect: EXPECT[2]!.slice(0, 2) }, sorted(false)],
    errors: ERRORS,
  },
];
