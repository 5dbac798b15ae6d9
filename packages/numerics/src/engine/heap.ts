import type { DType, TypedArrayOf } from "../dtype.ts";
import { OutOfMemoryError } from "../errors.ts";
import { ALIGNMENT, CLASS_COUNT, classOf, classSize, classWithin } from "./size-classes.ts";

/** The address space under a heap. */
export interface Memory {
  /** The first byte the heap may give away. */
  readonly start: number;
  /** The heap may use the bytes before this one. */
  readonly limit: number;
  /** Makes the bytes before `end` usable, with room after them for kernels that read too far; false if there are no more. */
  grow(end: number): boolean;
  view<D extends DType>(dtype: D, offset: number, length: number): TypedArrayOf<D>;
}

/** A typed array reaches this far, so a block lies within one segment wherever it can. */
export const SEGMENT = 2 ** 32;

// Below this much free memory, cutting up blocks saves too little to be worth the fragments.
const WORTH_SPLITTING = 64 * 2 ** 20;
// Smaller blocks are always taken fresh: cutting a large one for them would spoil it.
const SMALLEST_SPLIT = 64 * 2 ** 10;

/**
 * The engine's memory: blocks by byte offset. Freed blocks are kept by size class and given out again, because pages that
 * were used before are several times faster than new ones.
 */
export class Heap {
  readonly #memory: Memory;
  readonly #free: number[][] = Array.from({ length: CLASS_COUNT }, () => []);
  // A table, because alloc and free run for every operation and a power of two takes longer than the rest of them.
  readonly #sizes = Float64Array.from({ length: CLASS_COUNT }, (_, index) => classSize(index));
  #top: number;
  #live = 0;
  #pooled = 0;
  #peak = 0;
  #allocated = 0;

  constructor(memory: Memory) {
    this.#memory = memory;
    this.#top = Math.ceil(memory.start / ALIGNMENT) * ALIGNMENT;
  }

  /** Bytes in use. */
  get live(): number {
    return this.#live;
  }

  /** Bytes freed and kept for reuse. */
  get pooled(): number {
    return this.#pooled;
  }

  /** The most that was live at once since the start or `resetPeak`. */
  get peak(): number {
    return this.#peak;
  }

  /** Bytes ever given out: how much a garbage collector could have to do. */
  get allocated(): number {
    return this.#allocated;
  }

  resetPeak(): void {
    this.#peak = this.#live;
  }

  /**
   * An uninitialised block, aligned to 64 bytes.
   *
   * @throws OutOfMemoryError beyond the limit.
   */
  alloc(bytes: number): number {
    const index = classOf(bytes);
    const size = this.#sizes[index]!;
    const list = this.#free[index]!;
    let offset: number;
    if (list.length > 0) {
      offset = list.pop()!;
      this.#pooled -= size;
    } else {
      offset = this.#take(index, size, bytes);
    }
    this.#live += size;
    this.#allocated += size;
    if (this.#live > this.#peak) this.#peak = this.#live;
    return offset;
  }

  /** Gives a block back; `bytes` is what was asked for. */
  free(offset: number, bytes: number): void {
    const index = classOf(bytes);
    const size = this.#sizes[index]!;
    this.#free[index]!.push(offset);
    this.#live -= size;
    this.#pooled += size;
  }

  /** A block of the engine's own, which `live` does not count. */
  reserve(bytes: number): number {
    const { live, peak, allocated } = this;
    const offset = this.alloc(bytes);
    this.#live = live;
    this.#peak = peak;
    this.#allocated = allocated;
    return offset;
  }

  /** Gives back a block of `reserve`. */
  unreserve(offset: number, bytes: number): void {
    this.free(offset, bytes);
    this.#live += classSize(classOf(bytes));
  }

  /** A typed array over the heap's own bytes, valid until the next call into the engine. */
  view<D extends DType>(dtype: D, offset: number, length: number): TypedArrayOf<D> {
    return this.#memory.view(dtype, offset, length);
  }

  /** A block that no free list has: from a larger free one if much lies idle, else fresh. */
  #take(index: number, size: number, bytes: number): number {
    const idle = this.#pooled > WORTH_SPLITTING && this.#pooled > this.#live / 2;
    let offset = idle && size >= SMALLEST_SPLIT ? this.#split(index, size) : -1;
    if (offset < 0) offset = this.#extend(size);
    if (offset < 0) offset = this.#split(index, size);
    if (offset < 0) {
      this.#coalesce();
      offset = this.#reuse(index, size);
    }
    if (offset < 0) throw this.#exhausted(bytes);
    return offset;
  }

  /** Fresh memory at the top; -1 if there is none. */
  #extend(size: number): number {
    let offset = this.#top;
    const room = SEGMENT - (offset % SEGMENT);
    if (size > room) offset += room;
    const end = offset + size;
    if (end > this.#memory.limit || !this.#memory.grow(end)) return -1;
    if (offset > this.#top) this.#addRegion(this.#top, offset - this.#top);
    this.#top = end;
    return offset;
  }

  /** Cuts a block off a larger free one, the smallest that there is; -1 if there is none. */
  #split(index: number, size: number): number {
    for (let larger = index + 1; larger < CLASS_COUNT; larger++) {
      const offset = this.#free[larger]!.pop();
      if (offset === undefined) continue;
      const whole = classSize(larger);
      this.#pooled -= whole;
      this.#addRegion(offset + size, whole - size);
      return offset;
    }
    return -1;
  }

  #reuse(index: number, size: number): number {
    const offset = this.#free[index]!.pop();
    if (offset !== undefined) {
      this.#pooled -= size;
      return offset;
    }
    const cut = this.#split(index, size);
    return cut >= 0 ? cut : this.#extend(size);
  }

  /** Puts free bytes into the lists, as few and as large blocks as possible. */
  #addRegion(offset: number, bytes: number): void {
    let at = offset;
    let left = bytes;
    while (left >= ALIGNMENT) {
      const index = classWithin(left);
      const size = classSize(index);
      this.#free[index]!.push(at);
      this.#pooled += size;
      at += size;
      left -= size;
    }
  }

  /** Joins free neighbours, the last resort before an error; slow, because it visits every free block. */
  #coalesce(): void {
    const blocks: [offset: number, end: number][] = [];
    this.#free.forEach((list, index) => {
      const size = classSize(index);
      for (const offset of list) blocks.push([offset, offset + size]);
      list.length = 0;
    });
    blocks.sort((a, b) => a[0] - b[0]);
    this.#pooled = 0;
    for (let i = 0; i < blocks.length; ) {
      const [offset] = blocks[i]!;
      let [, end] = blocks[i]!;
      for (i++; i < blocks.length && blocks[i]![0] === end && end % SEGMENT !== 0; i++) end = blocks[i]![1];
      if (end === this.#top) this.#top = offset;
      else this.#addRegion(offset, end - offset);
    }
  }

  #exhausted(bytes: number): OutOfMemoryError {
    const mb = (n: number) => `${Math.round(n / 2 ** 20)} MB`;
    return new OutOfMemoryError({
      op: "allocate",
      rule: "the engine's memory is used up",
      received: `a request for ${mb(bytes)} while ${mb(this.#live)} are live and ${mb(this.#pooled)} are free in smaller pieces`,
      expected: `at most ${mb(this.#memory.limit)} in all`,
      hint:
        "Tensors made in a synchronous stretch are freed only by a scope: wrap the body of the loop in tidy(() => ...), " +
        "or write `using step = scope();` at its top, or call dispose() on what is no longer needed",
    });
  }
}
