import { asTensor } from "../create.ts";
import { DTypeError, ShapeError } from "../errors.ts";
import { checkMatrices, eachMatrix, squareMatrices } from "../families/matrices.ts";
import { apply, type OneOutput, unsupported } from "../op.ts";
import { broadcastShapes, formatShape } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { expand } from "./expand.ts";
import { matmul } from "./matmul.ts";
import { neg } from "./neg.ts";
import { transpose } from "./permute.ts";
import { tril, triu } from "./tril.ts";

const OP = "solveTriangular";

interface SolveAttrs {
  readonly upper: boolean;
  readonly unitriangular: boolean;
}

const definition: OneOutput<SolveAttrs> = {
  name: OP,
  shape: ([a, b]) => {
    squareMatrices(OP, a!);
    checkMatrices(OP, b!);
    if (a!.dtype !== b!.dtype) {
      throw new DTypeError({ op: OP, rule: "element types differ", received: `${a!.dtype} and ${b!.dtype}` });
    }
    if (a!.shape.at(-1) === b!.shape.at(-2)) return { shape: b!.shape, dtype: b!.dtype };
    throw new ShapeError({
      op: OP,
      rule: "sizes do not fit",
      received: `a ${formatShape(a!.shape)} and b ${formatShape(b!.shape)}`,
      expected: `b's second to last size to equal a's (${a!.shape.at(-1)})`,
    });
  },
  forward: (_k, [a, b], attrs, spec) => {
    const [n, columns] = spec.shape.slice(-2) as [number, number];
    return eachMatrix([a!, b!], spec, ([matrix, right], x) => substitute(matrix!, right!, x, n, columns, attrs));
  },
  // With a x = b: db = a^-T dy and da = -db x^T, in the triangle that is read.
  gradient: ({ inputs: [a], outputs: [x], dy, attrs, needs }) => {
    const db = apply(definition, [transpose(a!, -2, -1), dy], { ...attrs, upper: !attrs.upper });
    if (!needs[0]) return [null, db];
    const full = neg(matmul(db, transpose(x!, -2, -1)));
    const from = attrs.unitriangular ? 1 : 0;
    return [attrs.upper ? triu(full, from) : tril(full, -from), db];
  },
  saves: { inputs: [0], outputs: "all" },
  onnx: unsupported("ONNX solves no systems of equations"),
};

/** Forward substitution, or backward for an upper triangle. */
function substitute(
  a: Float64Array,
  b: Float64Array,
  x: Float64Array,
  n: number,
  columns: number,
  { upper, unitriangular }: SolveAttrs,
): void {
  for (let step = 0; step < n; step++) {
    const i = upper ? n - 1 - step : step;
    const row = x.subarray(i * columns, (i + 1) * columns);
    row.set(b.subarray(i * columns, (i + 1) * columns));
    for (let j = upper ? i + 1 : 0; j < (upper ? n : i); j++) {
      const factor = a[i * n + j]!;
      if (factor === 0) continue;
      for (let c = 0; c < columns; c++) row[c]! -= factor * x[j * columns + c]!;
    }
    if (unitriangular) continue;
    const pivot = a[i * n + i]!;
    for (let c = 0; c < columns; c++) row[c]! /= pivot;
  }
}

export interface SolveTriangularOptions {
  /** Whether the upper triangle of `a` is read, else the lower one. Default false. */
  readonly upper?: boolean;
  /** Whether `a x = b` is solved, else `x a = b`. Default true. */
  readonly left?: boolean;
  /** Takes the diagonal of `a` for ones, without reading it. Default false. */
  readonly unitriangular?: boolean;
}

/**
 * The x with `a x = b`, or `x a = b`, for triangular a, by substitution; what lies in the other triangle is not read.
 *
 * Shapes: a `[..., n, n]`, b `[..., n, k]`, to `[..., n, k]`, with `left: false` b `[..., k, n]` to the same; leading dimensions broadcast. Computed in float64, whatever the dtype is. A 0 on the
 * diagonal gives infinities and NaN.
 * @throws ShapeError; DTypeError for anything but float32 and float64, or two different ones.
 * Differs from PyTorch: `upper` is false by default.
 * @example solveTriangular([[2, 0], [1, 4]], [[2], [9]]).toArray() // [[1], [2]]
 */
export function solveTriangular(a: TensorArg, b: TensorArg, options: SolveTriangularOptions = {}): Tensor {
  const { upper = false, left = true, unitriangular = false } = options;
  const [m, r] = [asTensor(a), asTensor(b)];
  if (!left) {
    squareMatrices(OP, m);
    checkMatrices(OP, r);
    const turned = solveTriangular(transpose(m, -1, -2), transpose(r, -1, -2), { upper: !upper, unitriangular });
    return transpose(turned, -1, -2);
  }
  squareMatrices(OP, m);
  checkMatrices(OP, r);
  const batch = broadcastShapes(OP, m.shape.slice(0, -2), r.shape.slice(0, -2));
  const spread = (x: Tensor) => expand(x, [...batch, ...x.shape.slice(-2)]);
  return apply(definition, [spread(m), spread(r)], { upper, unitriangular });
}
