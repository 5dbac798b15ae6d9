import type { Heap } from "./heap.ts";

/** One block that grows to the largest size asked for, shared by all kernel calls because each ends before the next begins. */
export function makeScratch(heap: Heap): (bytes: number) => number {
  let offset = 0;
  let size = 0;
  return (bytes) => {
    if (bytes <= size) return offset;
    if (size > 0) heap.unreserve(offset, size);
    size = 0;
    const wanted = Math.max(bytes, 2 ** 16);
    offset = heap.reserve(wanted);
    size = wanted;
    return offset;
  };
}
