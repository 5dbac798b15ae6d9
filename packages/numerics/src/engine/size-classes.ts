/** Blocks are multiples of this, and begin at one: a cache line, and the widest vector. */
export const ALIGNMENT = 64;

/** Number of block sizes up to 128 GiB: sixteen small ones, then eight per power of two, so at most 1/8 is wasted. */
export const CLASS_COUNT = 240;

/** The smallest class whose blocks hold `bytes`. */
export function classOf(bytes: number): number {
  const units = Math.ceil(bytes / ALIGNMENT);
  if (units <= 16) return units <= 1 ? 0 : units - 1;
  const exponent = 31 - Math.clz32(units - 1);
  return 8 + (exponent - 4) * 8 + ((units - 1) >>> (exponent - 3));
}

/** Bytes of a block of the class. */
export function classSize(index: number): number {
  if (index < 16) return (index + 1) * ALIGNMENT;
  const exponent = 4 + ((index - 16) >> 3);
  return (9 + ((index - 16) & 7)) * 2 ** (exponent - 3) * ALIGNMENT;
}

/** The largest class whose blocks fit into `bytes`, which is at least ALIGNMENT. */
export function classWithin(bytes: number): number {
  const index = classOf(bytes);
  return classSize(index) > bytes ? index - 1 : index;
}
