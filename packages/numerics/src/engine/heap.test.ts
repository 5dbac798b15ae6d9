import { describe, expect, it } from "vitest";
import { OutOfMemoryError } from "../errors.ts";
import { Heap, type Memory, SEGMENT } from "./heap.ts";
import { ALIGNMENT, CLASS_COUNT, classOf, classSize, classWithin } from "./size-classes.ts";

/** Address space without memory behind it. */
function space(limit: number, start = 4096): Memory {
  return {
    start,
    limit,
    grow: () => true,
    view: () => {
      throw new Error("no memory");
    },
  };
}

function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

describe("size classes", () => {
  it("hold what was asked for, wasting at most an eighth", () => {
    for (let bytes = 1; bytes < 2 ** 36; bytes = Math.ceil(bytes * 1.07)) {
      const size = classSize(classOf(bytes));
      expect(size).toBeGreaterThanOrEqual(bytes);
      expect(size).toBeLessThanOrEqual(Math.max(bytes * 1.125 + ALIGNMENT, ALIGNMENT));
      expect(size % ALIGNMENT).toBe(0);
    }
  });

  it("are their own class, and grow", () => {
    for (let index = 0; index < CLASS_COUNT - 1; index++) {
      expect(classOf(classSize(index))).toBe(index);
      expect(classWithin(classSize(index))).toBe(index);
      expect(classWithin(classSize(index) + ALIGNMENT - 1)).toBe(index);
      if (index > 0) expect(classSize(index)).toBeGreaterThan(classSize(index - 1));
    }
  });
});

describe("heap", () => {
  it("gives aligned blocks, never at 0, and a freed block again", () => {
    const heap = new Heap(space(2 ** 30, 100));
    const a = heap.alloc(5);
    expect(a).toBeGreaterThan(0);
    expect(a % 64).toBe(0);
    const b = heap.alloc(5);
    heap.free(a, 5);
    expect(heap.alloc(40)).toBe(a);
    expect(b).not.toBe(a);
  });

  it("counts live, pooled, peak and all ever allocated", () => {
    const heap = new Heap(space(2 ** 30));
    const a = heap.alloc(1024);
    const b = heap.alloc(1024);
    heap.free(a, 1024);
    expect([heap.live, heap.pooled, heap.peak, heap.allocated]).toEqual([1024, 1024, 2048, 2048]);
    heap.resetPeak();
    expect(heap.peak).toBe(1024);
    heap.free(b, 1024);
    expect([heap.live, heap.pooled]).toEqual([0, 2048]);
  });

  it("does not count the engine's own blocks as live", () => {
    const heap = new Heap(space(2 ** 30));
    const own = heap.reserve(4096);
    expect([heap.live, heap.peak, heap.allocated]).toEqual([0, 0, 0]);
    heap.unreserve(own, 4096);
    expect([heap.live, heap.pooled]).toEqual([0, 4096]);
  });

  it("lets no block straddle a segment, except those that are larger than one", () => {
    const heap = new Heap(space(64 * 2 ** 30));
    for (const bytes of [3 * 2 ** 30, 2 * 2 ** 30, 2 ** 32, 100, 5 * 2 ** 30, 2 ** 31]) {
      const offset = heap.alloc(bytes);
      const segments = Math.floor((offset + classSize(classOf(bytes)) - 1) / SEGMENT) - Math.floor(offset / SEGMENT);
      if (bytes <= SEGMENT) expect(segments).toBe(0);
      else expect(offset % SEGMENT).toBe(0);
    }
  });

  it("never gives the same byte twice, whatever the order of allocating and freeing", () => {
    const random = randomNumbers(3);
    const limit = 64 * 2 ** 20;
    const heap = new Heap(space(limit));
    const live: { offset: number; bytes: number }[] = [];
    for (let step = 0; step < 6000; step++) {
      if (live.length > 0 && random(100) < 45) {
        const [block] = live.splice(random(live.length), 1);
        heap.free(block!.offset, block!.bytes);
        continue;
      }
      const bytes = 1 + random(2 ** (6 + random(17)));
      try {
        live.push({ offset: heap.alloc(bytes), bytes });
      } catch (error) {
        expect(error).toBeInstanceOf(OutOfMemoryError);
        for (const block of live.splice(0, live.length / 2)) heap.free(block.offset, block.bytes);
      }
      if (step % 50 !== 0) continue;
      const sorted = [...live].sort((a, b) => a.offset - b.offset);
      sorted.forEach(({ offset, bytes }, i) => {
        expect(offset + bytes).toBeLessThanOrEqual(sorted[i + 1]?.offset ?? limit);
      });
    }
    for (const { offset, bytes } of live) heap.free(offset, bytes);
    expect(heap.live).toBe(0);
  });

  it("joins free neighbours before it gives up", () => {
    const heap = new Heap(space(2 ** 20 + 8192));
    const blocks = Array.from({ length: 200 }, () => heap.alloc(4096));
    for (const offset of blocks) heap.free(offset, 4096);
    expect(() => heap.alloc(900_000)).not.toThrow();
  });

  it("cuts large idle blocks up instead of growing", () => {
    const heap = new Heap(space(2 ** 32));
    const large = heap.alloc(256 * 2 ** 20);
    heap.free(large, 256 * 2 ** 20);
    const part = heap.alloc(100 * 2 ** 20);
    expect(part).toBe(large);
  });

  it("says at the limit what is live and what to write", () => {
    const heap = new Heap(space(2 ** 20));
    heap.alloc(600_000);
    let error: unknown;
    try {
      heap.alloc(600_000);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(OutOfMemoryError);
    expect((error as OutOfMemoryError).code).toBe("OUT_OF_MEMORY");
    expect((error as Error).message).toMatch(
      /memory is used up.*1 MB while 1 MB are live.*tidy.*using step = scope\(\)/,
    );
    expect(heap.live).toBe(classSize(classOf(600_000)));
  });
});
