import { ArgumentError } from "@tenon/numerics";

/** One number for all spatial dimensions, or one for each. */
export type Sizes = number | readonly number[];

/** `n` numbers from one or from a list of `n`. */
export function spread(op: string, name: string, value: Sizes, n: number, least: number): readonly number[] {
  const sizes = typeof value === "number" ? new Array<number>(n).fill(value) : value;
  if (sizes.length !== n || !sizes.every((size) => Number.isSafeInteger(size) && size >= least)) {
    throw new ArgumentError({
      op,
      rule: `${name} must be whole numbers of ${least} or more`,
      received: JSON.stringify(value),
      expected: `one number, or ${n}`,
    });
  }
  return sizes;
}

/** `kernelSize: [2, 2], stride: [2, 2]`: for printing a layer; all-zero paddings are left out. */
export function formatSizes(sizes: { readonly [name: string]: readonly number[] }): string {
  return Object.entries(sizes)
    .filter(([name, values]) => name !== "padding" || values.some((n) => n !== 0))
    .map(([name, values]) => `${name}: [${values.join(", ")}]`)
    .join(", ");
}
