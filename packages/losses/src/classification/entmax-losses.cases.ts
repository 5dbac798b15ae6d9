import { ArgumentError, DTypeError, IndexOutOfRangeError, ShapeError } from "@tenon/numerics";
import type { OpCases, Sample } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { entmaxLoss } from "./entmax-loss.ts";
import { binarySparsemaxLoss, sparsemaxLoss } from "./sparsemax-loss.ts";

// Values: tools/fixtures/losses/entmax.py, in arbitrary precision.

const KINKS: Partial<Sample> = { gradient: "rows at the edge of the support; the gradient is given" };
const COMMON = {
  "all ignored": { gradient: "0 / 0", onnx: "0 / 0" },
  "infinite logits": { gradient: "finite differences need finite logits", onnx: "infinity - infinity" },
  "no rows": { onnx: "onnxruntime ends the process at running sums of nothing" },
  margins: KINKS,
  saturated: KINKS,
} satisfies Record<string, Partial<Sample>>;

const ALPHAS = [1.25, 1.75, 2, 3, 0.5, 1, 1.0009765625];

const NO_ONNX: Readonly<Record<number, string>> = {
  3: "alpha above 2 has no ONNX form",
  1.0009765625: "the power of 1024 multiplies float32's rounding",
};

function byAlpha(): Record<string, Partial<Sample>> {
  const rows: Record<string, Partial<Sample>> = {};
  for (const alpha of ALPHAS) {
    const onnx = NO_ONNX[alpha] === undefined ? {} : { onnx: NO_ONNX[alpha] };
    rows[`an ignored row, alpha ${alpha}`] = onnx;
    for (const kind of ["margins", "saturated"]) rows[`${kind}, alpha ${alpha}`] = { ...KINKS, ...onnx };
  }
  return rows;
}

const notAClass = (name: string) => ({
  args: ({ index }: { index: (data: number[]) => unknown }) => [[[1, 2]], index([2])],
  error: IndexOutOfRangeError,
  message: new RegExp(`${name}: a target is not a class.*2 at position 0.*0 to 1`),
});

export const cases: OpCases[] = [
  {
    name: "sparsemaxLoss",
    run: sparsemaxLoss,
    also: ["SparsemaxLoss"],
    samples: fixtures("entmax", "sparsemaxLoss", COMMON),
    errors: [
      notAClass("sparsemaxLoss"),
      {
        args: ({ tensor }) => [[[1, 2]], tensor([0.5])],
        error: DTypeError,
        message: /sparsemaxLoss: targets must be class indices.*float32/,
      },
    ],
  },
  {
    name: "entmaxLoss",
    run: entmaxLoss,
    also: ["EntmaxLoss"],
    samples: fixtures("entmax", "entmaxLoss", { ...COMMON, ...byAlpha() }),
    errors: [
      notAClass("entmaxLoss"),
      {
        args: () => [[[1, 2]], [0], { alpha: 0 }],
        plain: [1],
        error: ArgumentError,
        message: /entmaxLoss: alpha must be a number above 0.*0/,
      },
    ],
  },
  {
    name: "binarySparsemaxLoss",
    run: binarySparsemaxLoss,
    also: ["BinarySparsemaxLoss"],
    samples: fixtures("entmax", "binarySparsemaxLoss", {
      labels: { gradient: "kinks at -1 and 1" },
      mean: { secondGradient: "piecewise quadratic" },
      "infinite and large logits": { gradient: "finite differences need finite logits", onnx: "infinite logits" },
    }),
    errors: [
      {
        args: () => [
          [[1], [2]],
          [1, 0],
        ],
        error: ShapeError,
        message: /binarySparsemaxLoss: the shapes would stretch each other/,
      },
      {
        args: () => [[1], [2], { checkTarget: true }],
        error: ArgumentError,
        message: /binarySparsemaxLoss: a target has no meaning here.*2 at position 0.*from 0 to 1/,
      },
    ],
  },
];
