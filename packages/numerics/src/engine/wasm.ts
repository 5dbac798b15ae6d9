import { type DType, type TypedArrayOf, typedArrayClass } from "../dtype.ts";
import { makeKernels } from "../generated/kernels.ts";
import { checkTable, type WasmFile } from "./binaries.ts";
import type { Engine } from "./engine.ts";
import { Heap, type Memory } from "./heap.ts";
import { host, type WasmImports, type WasmInstance, type WasmMemory, type WasmModule } from "./host.ts";
import { makeScratch } from "./scratch.ts";
import type { StartWorkers } from "./wasm-workers.ts";

/** What kernels/runtime/wasm.cpp exports; `configure` and `__stack_pointer` only where there are threads. */
interface Exports {
  run(): void;
  slot(): number;
  table(): number;
  configure?(threads: number, stacks: number, bytes: number, wait: number): void;
  readonly __heap_base: { readonly value: number };
}

export interface WasmOptions {
  readonly file: WasmFile;
  readonly threads: number;
  /** Whether the thread that calls kernels may block; a browser's main thread may not. */
  readonly mayWait: boolean;
  readonly startWorkers: StartWorkers;
  readonly reason: string;
  readonly faster?: string;
}

const PAGE = 65536;
const MOST_PAGES = 65536;
// Data, the main stack (1 MiB) and the first tensors.
const FIRST_PAGES = 64;
const STACK_BYTES = 2 ** 20;
const SLACK = 4096;

/**
 * Whether this host compiles relaxed SIMD: a function that computes one relaxed_madd, as bytes, because compiling the real
 * module twice would cost more than the answer.
 */
export function hasRelaxedSimd(): boolean {
  const body = [0x41, 0, 0xfd, 0x0f, 0x41, 0, 0xfd, 0x0f, 0x41, 0, 0xfd, 0x0f, 0xfd, 0x85, 0x02, 0x1a, 0x0b];
  const code = [1, body.length + 1, 0, ...body];
  const bytes = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, code.length, ...code];
  return host().WebAssembly.validate(new Uint8Array(bytes));
}

/** WebAssembly's own memory, growing as needed to 4 GiB. Unshared memory is replaced when it grows: `moved` tells. */
function growingMemory(memory: WasmMemory, start: number, moved: () => void): Memory {
  let { buffer } = memory;
  return {
    start,
    limit: MOST_PAGES * PAGE - SLACK,
    grow(end) {
      const pages = Math.ceil((end + SLACK) / PAGE);
      const present = buffer.byteLength / PAGE;
      if (pages <= present) return true;
      const generous = Math.min(MOST_PAGES, Math.max(pages, present + Math.max(256, present >> 3)));
      if (!tryGrow(memory, generous - present) && !tryGrow(memory, pages - present)) return false;
      buffer = memory.buffer;
      moved();
      return true;
    },
    view<D extends DType>(dtype: D, offset: number, length: number): TypedArrayOf<D> {
      return new (typedArrayClass(dtype))(buffer, offset, length);
    },
  };
}

function tryGrow(memory: WasmMemory, pages: number): boolean {
  try {
    memory.grow(pages);
    return true;
  } catch {
    return false;
  }
}

function missingKernel(id: number): never {
  throw new Error(
    `kernel ${id} is not in this WebAssembly build; run \`npm run kernels -w packages/numerics\` and start again`,
  );
}

/** What a module is instantiated with. `stacks` is filled in when the heap exists, before any worker starts. */
interface Surroundings {
  readonly imports: WasmImports;
  readonly memory: WasmMemory;
  readonly stacks: { at: number };
}

/** The memory and imports a module needs; the synchronous and the asynchronous start share them. */
export function makeImports(options: WasmOptions, module: WasmModule): Surroundings {
  const shared = options.file !== "tenon-strict-single.wasm";
  const memory = new (host().WebAssembly.Memory)({ initial: FIRST_PAGES, maximum: MOST_PAGES, shared });
  const stacks = { at: 0 };
  const env = {
    memory,
    missing: missingKernel,
    start_workers: (count: number) =>
      options.startWorkers({ module, memory, count, stacks: stacks.at, stackBytes: STACK_BYTES }),
  };
  return { imports: { env }, memory, stacks };
}

/** The engine of an instantiated module. */
export function startWasm(instance: WasmInstance, { memory, stacks }: Surroundings, options: WasmOptions): Engine {
  const exports = instance.exports as unknown as Exports;
  checkTable(options.file, String.fromCharCode(...new Uint8Array(memory.buffer, exports.table(), 16)));
  const makeSlot = () => new Float64Array(memory.buffer, exports.slot(), 512);
  const set = makeKernels(makeSlot(), exports.run);
  const heap = new Heap(growingMemory(memory, exports.__heap_base.value, () => set.moveSlot(makeSlot())));
  const threads = exports.configure === undefined ? 1 : options.threads;
  if (threads > 1) stacks.at = heap.reserve((threads - 1) * STACK_BYTES);
  exports.configure?.(threads, stacks.at, STACK_BYTES, options.mayWait ? 1 : 0);
  return {
    backend: "wasm",
    isa: options.file === "tenon-relaxed.wasm" ? "relaxed-simd" : "simd128",
    threads,
    reason: options.reason,
    ...(options.faster === undefined ? {} : { faster: options.faster }),
    kernels: set.kernels,
    heap,
    scratch: makeScratch(heap),
  };
}
