import { runtime } from "../runtime.ts";
import { refuseAsync } from "../scope.ts";

function withGradMode<R>(op: string, enabled: boolean, fn: () => R): R {
  const before = runtime.gradEnabled;
  runtime.gradEnabled = enabled;
  try {
    const result = fn();
    refuseAsync(op, result, `Await the data first and wrap only the synchronous computation in ${op}`);
    return result;
  } finally {
    runtime.gradEnabled = before;
  }
}

/**
 * Runs `fn` without recording operations for `backward()`.
 * @example const outputs = noGrad(() => net(images));
 * @throws ArgumentError for an async function: the mode would leak into whatever else runs meanwhile.
 */
export function noGrad<R>(fn: () => R): R {
  return withGradMode("noGrad", false, fn);
}

/** Runs `fn` with recording on, inside a `noGrad`. */
export function enableGrad<R>(fn: () => R): R {
  return withGradMode("enableGrad", true, fn);
}

/** Whether operations are being recorded. */
export function isGradEnabled(): boolean {
  return runtime.gradEnabled;
}
