import { ArgumentError } from "../errors.ts";

/** The documented environment variables, read when the engine starts. */
export interface Settings {
  /** `TENON_BACKEND` */
  readonly backend: "native" | "wasm" | null;
  /** `TENON_THREADS`, or the CPUs that this process may use, at most 16. */
  readonly threads: number;
  /** `TENON_ISA`: a native instruction set for tests and measurements; "" takes the best one. */
  readonly isa: string;
}

/** The most threads there can be: kernels size their scratch memory by it. */
const MOST_THREADS = 64;
// More threads than this gain little on what fits a step of training, and cost much to wake.
const DEFAULT_THREADS = 16;

function readThreads(text: string | undefined, available: number): number {
  if (text === undefined || text === "") return Math.max(1, Math.min(available, DEFAULT_THREADS));
  const threads = Number(text);
  if (Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS) return threads;
  throw new ArgumentError({
    op: "TENON_THREADS",
    rule: "the number of threads cannot be used",
    received: JSON.stringify(text),
    expected: `an integer from 1 to ${MOST_THREADS}`,
  });
}

/** @throws ArgumentError if a variable has a value that means nothing. */
export function readSettings(env: Readonly<Record<string, string | undefined>>, available: number): Settings {
  const backend = env.TENON_BACKEND || null;
  if (backend !== null && backend !== "native" && backend !== "wasm") {
    throw new ArgumentError({
      op: "TENON_BACKEND",
      rule: "there is no such backend",
      received: JSON.stringify(backend),
      expected: '"native" or "wasm"',
    });
  }
  return { backend, threads: readThreads(env.TENON_THREADS, available), isa: env.TENON_ISA ?? "" };
}
