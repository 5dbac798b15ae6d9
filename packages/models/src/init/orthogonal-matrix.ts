import type { Generator } from "@tenon/numerics";

/**
 * A random matrix, row-major, whose shorter side is a set of orthonormal vectors, evenly distributed among all such
 * (Gram-Schmidt on normal vectors, each reduced twice, which is orthogonal to rounding).
 * Source: Mezzadri, "How to generate random matrices from the classical compact groups" (2007).
 */
export function orthogonalMatrix(rows: number, columns: number, generator: Generator): Float64Array {
  const long = Math.max(rows, columns);
  const vectors: Float64Array[] = [];
  for (let i = 0; i < Math.min(rows, columns); i++) {
    const v = Float64Array.from({ length: long }, () => generator.normal());
    for (const u of [...vectors, ...vectors]) subtractProjection(v, u);
    const norm = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
    vectors.push(v.map((x) => x / norm));
  }
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < out.length; i++) {
    const row = Math.floor(i / columns);
    const column = i % columns;
    out[i] = rows <= columns ? vectors[row]![column]! : vectors[column]![row]!;
  }
  return out;
}

function subtractProjection(v: Float64Array, u: Float64Array): void {
  let dot = 0;
  for (let k = 0; k < v.length; k++) dot += v[k]! * u[k]!;
  for (let k = 0; k < v.length; k++) v[k]! -= dot * u[k]!;
}
