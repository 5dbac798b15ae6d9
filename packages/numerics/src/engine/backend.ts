import { engine } from "../runtime.ts";

/** What computes, and why. */
export interface BackendInfo {
  readonly backend: "native" | "wasm";
  /** The instruction set: `avx512`, `avx2`, `baseline`, `neon`, `simd128`, `relaxed-simd`. */
  readonly isa: string;
  readonly threads: number;
  readonly reason: string;
  /** What would be faster here, if anything. */
  readonly faster?: string;
}

/** Which of the engine's builds runs, why it was taken, and what would be faster. Starts the engine if it is not running. */
export function backend(): BackendInfo {
  const { backend, isa, threads, reason, faster } = engine();
  return { backend, isa, threads, reason, ...(faster === undefined ? {} : { faster }) };
}
