import type { Kernels } from "../generated/kernels.ts";
import type { Heap } from "./heap.ts";

/** What runs the kernels: one of the two builds, with its memory. Everything in it is private to the process. */
export interface Engine {
  readonly backend: "native" | "wasm";
  /** The instruction set: `avx512`, `avx2`, `baseline`, `neon`, `simd128`, `relaxed-simd`. */
  readonly isa: string;
  /** Threads that kernels use, the caller's included. */
  readonly threads: number;
  /** Why this backend was taken. */
  readonly reason: string;
  /** What would be faster on this machine, if anything. */
  readonly faster?: string;
  readonly kernels: Kernels;
  readonly heap: Heap;
  /** An uninitialised block for one kernel call: valid until the next call of `scratch`. */
  scratch(bytes: number): number;
}
