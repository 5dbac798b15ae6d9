import { asTensor, zeros } from "../create.ts";
import { checkMatrices, eachMatrix } from "../families/matrices.ts";
import { singularValues } from "../families/singular-values.ts";
import { apply, applyMulti, type ManyOutputs, nonDifferentiable, type OneOutput, unsupported } from "../op.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { add } from "./add.ts";
import { mul } from "./mul.ts";
import { unsqueeze } from "./squeeze.ts";

/** The norms, and U V^T of the singular value decomposition: the norm's gradient. */
const definition: ManyOutputs<object> = {
  name: "nuclearNorm",
  shape: ([x]) => {
    checkMatrices("nuclearNorm", x!);
    return [
      { shape: x!.shape.slice(0, -2), dtype: x!.dtype },
      { shape: x!.shape, dtype: x!.dtype },
    ];
  },
  forward: (_k, [x], _attrs, [norms, directions]) => {
    const [rows, columns] = x!.shape.slice(-2) as [number, number];
    const sums: number[] = [];
    const direction = eachMatrix([x!], directions!, ([a], out) => {
      const { sigma, u, v, rank } = singularValues(a!, rows, columns);
      sums.push(sigma.reduce((sum, s) => sum + s, 0));
      for (let r = 0; r < rank; r++) {
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++) out[i * columns + j]! += u[r]![i]! * v[r]![j]!;
        }
      }
    });
    const norm = zeros(norms!.shape, { dtype: norms!.dtype });
    if (norm.size > 0) (norm.view() as Float64Array).set(sums);
    return [norm, direction];
  },
  gradient: ({ inputs: [x], outputs, dys: [dy, dw] }) => {
    const first = dy && mul(unsqueeze(unsqueeze(dy, -1), -1), outputs[1]!);
    if (!dw) return [first];
    const second = apply(directionGradient, [x!, dw], {});
    return [first ? add(first, second) : second];
  },
  saves: { inputs: "all", outputs: [1] },
  onnx: unsupported("ONNX has no singular values"),
};

/**
 * The derivative of U V^T, which is its own adjoint: with P = U^T G V it is U ((P - P^T)_ij / (s_i + s_j)) V^T, and what G has outside the spaces of U and
 * of V, divided by s. Where singular values are 0 there is no derivative; the terms are left out.
 */
const directionGradient: OneOutput<object> = {
  name: "nuclearNormSecond",
  shape: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  forward: (_k, [x, g], _attrs, spec) => {
    const [rows, columns] = x!.shape.slice(-2) as [number, number];
    return eachMatrix([x!, g!], spec, ([a, d], out) => {
      const { sigma, u, v, rank } = singularValues(a!, rows, columns);
      const dv = v.slice(0, rank).map((vector) => timesVector(d!, vector, rows, columns)); // G v_j
      const du = u.slice(0, rank).map((vector) => vectorTimes(vector, d!, rows, columns)); // u_i^T G
      for (let i = 0; i < rank; i++) {
        let left = dv[i]!;
        let right = du[i]!;
        for (let j = 0; j < rank; j++) {
          const p = dotProduct(u[i]!, dv[j]!);
          const q = dotProduct(u[j]!, dv[i]!);
          addOuter(out, u[i]!, v[j]!, (p - q) / (sigma[i]! + sigma[j]!));
          left = minus(left, u[j]!, q);
          right = minus(right, v[j]!, p);
        }
        addOuter(out, left, v[i]!, 1 / sigma[i]!);
        addOuter(out, u[i]!, right, 1 / sigma[i]!);
      }
    });
  },
  gradient: nonDifferentiable("third derivatives of singular values are not written"),
  onnx: unsupported("it appears in gradients only"),
};

function dotProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function timesVector(a: Float64Array, x: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => dotProduct(a.subarray(i * columns, (i + 1) * columns), x));
}

function vectorTimes(x: Float64Array, a: Float64Array, rows: number, columns: number): Float64Array {
  const y = new Float64Array(columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) y[j]! += x[i]! * a[i * columns + j]!;
  return y;
}

function minus(x: Float64Array, y: Float64Array, factor: number): Float64Array {
  return x.map((value, i) => value - factor * y[i]!);
}

function addOuter(out: Float64Array, x: Float64Array, y: Float64Array, factor: number): void {
  for (let i = 0; i < x.length; i++)
    for (let j = 0; j < y.length; j++) out[i * y.length + j]! += factor * x[i]! * y[j]!;
}

/**
 * The sum of the singular values of matrices: `sum_i s_i`, the norm that counts how many directions a matrix has, weighed by their lengths.
 *
 * Shapes: `[..., m, n]` to `[...]`. One-sided Jacobi rotations in float64, whatever the dtype is: small singular values are as exact as large ones. The
 * gradient is `U V^T` over the singular values that are not 0: of the subgradients at a matrix without full rank the smallest. Second derivatives can be
 * taken, third ones not. The time is proportional to `min(m, n)^2 max(m, n)`, in JavaScript: a few hundred rows and columns take seconds.
 * @throws ShapeError unless it has two dimensions or more; DTypeError for anything but float32 and float64.
 * Differs from PyTorch: the gradient is finite at matrices without full rank and with equal singular values.
 * @example nuclearNorm([[3, 0], [0, -4]]).item() // 7
 */
export function nuclearNorm(x: TensorArg): Tensor {
  const [norm, direction] = applyMulti(definition, [asTensor(x)], {});
  // The tape alone keeps it.
  direction!.dispose();
  return norm!;
}
