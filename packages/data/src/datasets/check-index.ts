import { IndexOutOfRangeError } from "@tenon/numerics";

/** @throws IndexOutOfRangeError unless `index` is a whole number from 0 to `length - 1`. */
export function checkIndex(op: string, index: number, length: number): void {
  if (Number.isInteger(index) && index >= 0 && index < length) return;
  throw new IndexOutOfRangeError({
    op,
    rule: "no sample of this index",
    received: String(index),
    expected: length === 0 ? "nothing, because there are no samples" : `a whole number from 0 to ${length - 1}`,
  });
}
