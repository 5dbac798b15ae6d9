/** Sizes of the dynamic dimensions in one trace, by name. */
export type Sizes = ReadonlyMap<string, number>;

/** How a whole number follows from the dynamic sizes. */
export type Relation =
  | { readonly kind: "sum"; readonly constant: number; readonly factors: ReadonlyMap<string, number> }
  | { readonly kind: "product"; readonly factor: number; readonly names: readonly string[] };

/**
 * Finds a relation that gives `values[i]` for `sizes[i]`, or null. The first sizes are the example's; then comes one variation of each dimension alone,
 * which fix the coefficients; what follows only confirms. Coefficients are whole numbers: a half could be rounded either way.
 */
export function findRelation(values: readonly number[], sizes: readonly Sizes[]): Relation | null {
  const names = [...sizes[0]!.keys()];
  const factors = new Map<string, number>();
  names.forEach((name, i) => {
    const step = sizes[i + 1]!.get(name)! - sizes[0]!.get(name)!;
    const factor = (values[i + 1]! - values[0]!) / step;
    if (factor !== 0) factors.set(name, factor);
  });
  let constant = values[0]!;
  for (const [name, factor] of factors) constant -= factor * sizes[0]!.get(name)!;
  const sum: Relation = { kind: "sum", constant, factors };
  if (holds(sum, values, sizes)) return sum;
  const varying = [...factors.keys()];
  const factor = values[0]! / varying.reduce((all, name) => all * sizes[0]!.get(name)!, 1);
  const product: Relation = { kind: "product", factor, names: varying };
  return holds(product, values, sizes) ? product : null;
}

function holds(relation: Relation, values: readonly number[], sizes: readonly Sizes[]): boolean {
  const coefficients = relation.kind === "sum" ? [...relation.factors.values()] : [relation.factor];
  return coefficients.every(Number.isInteger) && values.every((v, i) => v === evaluate(relation, sizes[i]!));
}

export function evaluate(relation: Relation, sizes: Sizes): number {
  if (relation.kind === "product") return relation.names.reduce((all, name) => all * sizes.get(name)!, relation.factor);
  let sum = relation.constant;
  for (const [name, factor] of relation.factors) sum += factor * sizes.get(name)!;
  return sum;
}

/** The dimension that the number simply is, if it is one. */
export function sameAs(relation: Relation | null): string | null {
  if (relation?.kind !== "sum" || relation.constant !== 0 || relation.factors.size !== 1) return null;
  const [[name, factor]] = relation.factors as unknown as [[string, number]];
  return factor === 1 ? name : null;
}
