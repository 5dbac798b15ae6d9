import { type DType, itemSize, type TypedArrayOf, typedArrayClass } from "../dtype.ts";
import { UnsupportedError } from "../errors.ts";
import { KERNEL_TABLE, makeKernels } from "../generated/kernels.ts";
import { binaryUrl } from "./binaries.ts";
import type { Engine } from "./engine.ts";
import { Heap, type Memory, SEGMENT } from "./heap.ts";
import { makeScratch } from "./scratch.ts";
import type { Settings } from "./settings.ts";

/** What kernels/runtime/addon.cpp gives. */
interface Addon {
  readonly table: string;
  start(threads: number, isa: string, bytes: number): AddonEngine;
}

interface AddonEngine {
  readonly isa: string;
  readonly threads: number;
  readonly bytes: number;
  run(): void;
  segment(offset: number, bytes: number): ArrayBuffer | undefined;
  adopt(buffer: ArrayBuffer): void;
}

const RESERVATION = 64 * 2 ** 30;
// The slot's page; offset 0 is null and is never given away.
const SLOT_BYTES = 4096;
// V8 counts every byte of a buffer as in use, touched or not, and collects garbage when such a count jumps by 64 MB. A
// small first buffer spares short programs that collection.
const FIRST_WINDOW = 32 * 2 ** 20;
// Kernels may read a little past the last block.
const SLACK = 4096;

/** The addon, or the reason why it is not there. */
export function loadAddon(): Addon | string {
  const { createRequire } = process.getBuiltinModule("node:module");
  const { existsSync } = process.getBuiltinModule("node:fs");
  const url = binaryUrl("tenon.node");
  if (!existsSync(url)) return "the native addon is not built";
  try {
    const addon = createRequire(import.meta.url)(process.getBuiltinModule("node:url").fileURLToPath(url)) as Addon;
    return addon.table === KERNEL_TABLE ? addon : "the native addon was built for another version of the kernels";
  } catch (error) {
    return `the native addon does not load (${error instanceof Error ? error.message.split("\n")[0] : String(error)})`;
  }
}

/** Where the host forbids external buffers (Electron does): one buffer of JavaScript's own, as large as it allows. */
function adoptBuffer(addon: AddonEngine): ArrayBuffer {
  for (let bytes = 16 * 2 ** 30; ; bytes /= 2) {
    try {
      const buffer = new ArrayBuffer(bytes);
      addon.adopt(buffer);
      return buffer;
    } catch (error) {
      if (bytes <= 2 ** 28) throw error;
    }
  }
}

/** The reserved region as adjacent buffers of 4 GiB, each made when a view into it is first needed. */
function reservedMemory(addon: AddonEngine, physical: number): Memory & { readonly slot: Float64Array } {
  const window = addon.bytes > 0 ? addon.segment(0, FIRST_WINDOW) : undefined;
  const first = window ?? adoptBuffer(addon);
  const total = window === undefined ? first.byteLength : addon.bytes;
  const buffers: ArrayBuffer[] = [];
  const bufferAt = (index: number) => {
    buffers[index] ??= addon.segment(index * SEGMENT, Math.min(SEGMENT, total - index * SEGMENT))!;
    return buffers[index];
  };
  return {
    slot: new Float64Array(first, 0, SLOT_BYTES / 8),
    start: SLOT_BYTES,
    limit: Math.min(total - SLACK, physical),
    grow: () => true,
    view<D extends DType>(dtype: D, offset: number, length: number): TypedArrayOf<D> {
      const end = offset + length * itemSize(dtype);
      if (end <= first.byteLength) return new (typedArrayClass(dtype))(first, offset, length);
      const index = Math.floor(offset / SEGMENT);
      if (end > (index + 1) * SEGMENT) throw tooLarge(dtype, length);
      return new (typedArrayClass(dtype))(bufferAt(index), offset - index * SEGMENT, length);
    },
  };
}

function tooLarge(dtype: DType, length: number): UnsupportedError {
  return new UnsupportedError({
    op: "view",
    rule: "a view reaches over at most 4 GiB",
    received: `${length} elements of ${dtype}`,
    hint: "Read a slice at a time",
  });
}

/** Three quarters of the memory that this process may use; beyond it the machine would swap. */
function memoryLimit(): number {
  const total = process.getBuiltinModule("node:os").totalmem();
  const constrained = process.constrainedMemory?.() ?? 0;
  return 0.75 * (constrained > 0 && constrained < total ? constrained : total);
}

/** The engine of the addon. */
export function startNative(addon: Addon, settings: Settings, reason: string): Engine {
  const engine = addon.start(settings.threads, settings.isa, RESERVATION);
  const memory = reservedMemory(engine, memoryLimit());
  const heap = new Heap(memory);
  return {
    backend: "native",
    isa: engine.isa,
    threads: engine.threads,
    reason,
    kernels: makeKernels(memory.slot, engine.run).kernels,
    heap,
    scratch: makeScratch(heap),
  };
}
