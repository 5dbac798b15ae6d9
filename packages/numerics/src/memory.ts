import { collectGarbage } from "./engine/garbage.ts";
import { runtime } from "./runtime.ts";

/** What the engine's heap holds, in bytes. */
export interface MemoryInfo {
  /** In use by tensors and the tape. */
  readonly live: number;
  /** Freed and kept for reuse. */
  readonly pooled: number;
  /** The most that was live at once since the start or `resetPeak`. */
  readonly peak: number;
}

/** Bytes of tensor memory live, pooled and at the peak; zeros before the engine has started. */
export function memory(): MemoryInfo {
  const heap = runtime.engine?.heap;
  return heap === undefined
    ? { live: 0, pooled: 0, peak: 0 }
    : { live: heap.live, pooled: heap.pooled, peak: heap.peak };
}

/** Lets `memory().peak` start again from what is live now. */
export function resetPeakMemory(): void {
  runtime.engine?.heap.resetPeak();
}

const MIN_PRESSURE = 32 * 2 ** 20;

// Live bytes after the last collection that was asked for: what stays is not garbage, however large.
let settled = 0;
let allocatedAtCollection = 0;

/**
 * Called between the items of every asynchronous iteration of ours. JavaScript's garbage collector cannot see the engine's memory and
 * would let dropped tensors pile up; once enough was allocated, this asks for a collection and lets the finalizers run.
 */
export async function breathe(): Promise<void> {
  const heap = runtime.engine?.heap;
  if (heap === undefined) return;
  const threshold = Math.max(MIN_PRESSURE, settled);
  const garbage = heap.live - settled;
  if (heap.allocated - allocatedAtCollection < threshold || garbage < threshold / 2) return;
  collectGarbage();
  // Finalizers run as tasks of the event loop, in the turn after the collection.
  await nextTurn();
  await nextTurn();
  settled = heap.live;
  allocatedAtCollection = heap.allocated;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
