import { asTensor } from "../create.ts";
import { formatShape } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";

/** `|got - want| <= absolute + relative * |want|`, or that many units in the last place of float32 (`ulp`), whichever is more. */
export interface Closeness {
  readonly relative?: number;
  readonly absolute?: number;
  readonly ulp?: number;
}

const bits = new DataView(new ArrayBuffer(8));

/** The unit in the last place of the float32 nearest to `x`: 2^-149 for zero and subnormals. */
function ulp32(x: number): number {
  const r = Math.fround(x);
  if (!Number.isFinite(r)) return 2 ** 104;
  bits.setFloat64(0, Math.abs(r));
  const exponent = ((bits.getUint16(0) >> 4) & 2047) - 1023;
  return 2 ** (Math.max(exponent, -126) - 23);
}

/** Whether two numbers agree: NaN with NaN, an infinity only with itself. */
function isClose(got: number, want: number, closeness: Closeness = {}): boolean {
  const { relative = 0, absolute = 0, ulp = 0 } = closeness;
  if (Object.is(got, want) || got === want) return true;
  if (Number.isNaN(got) || Number.isNaN(want)) return false;
  if (!Number.isFinite(got) || !Number.isFinite(want)) {
    // A float32 result may round to infinity where the float64 reference is still finite.
    return ulp > 0 && Math.fround(want) === got;
  }
  const off = Math.abs(got - want);
  return off <= absolute + relative * Math.abs(want) || off <= ulp * ulp32(want);
}

/** Elements as float64 numbers, row-major. */
export function numbersOf(t: Tensor): Float64Array {
  const flat: number[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) walk(item);
    else flat.push(Number(value));
  };
  walk(t.toArray());
  return Float64Array.from(flat);
}

/** Shape and numbers of nested arrays. */
export function flattenExpected(value: unknown): { shape: number[]; numbers: Float64Array } {
  const shape: number[] = [];
  for (let level = value; Array.isArray(level); level = level[0]) shape.push(level.length);
  const flat: number[] = [];
  const walk = (item: unknown): void => {
    if (Array.isArray(item)) for (const inner of item) walk(inner);
    else flat.push(Number(item));
  };
  walk(value);
  return { shape, numbers: Float64Array.from(flat) };
}

function place(index: number, shape: readonly number[]): string {
  const at: number[] = [];
  for (let d = shape.length - 1, rest = index; d >= 0; d--) {
    at.unshift(rest % shape[d]!);
    rest = Math.floor(rest / shape[d]!);
  }
  return formatShape(at);
}

/** Throws an error that names the worst element, if any of `got` is not close to `want`. */
export function compareNumbers(
  what: string,
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  shape: readonly number[],
  closeness: Closeness,
): void {
  let bad = 0;
  let worst = -1;
  let worstOff = -1;
  for (let i = 0; i < want.length; i++) {
    if (isClose(got[i]!, want[i]!, closeness)) continue;
    bad++;
    const off = Math.abs(got[i]! - want[i]!) / Math.max(Math.abs(want[i]!), 1e-300);
    const weight = Number.isNaN(off) ? Number.POSITIVE_INFINITY : off;
    if (weight > worstOff) {
      worst = i;
      worstOff = weight;
    }
  }
  if (bad === 0) return;
  const { relative = 0, absolute = 0, ulp = 0 } = closeness;
  throw new Error(
    `${what}: ${bad} of ${want.length} values differ; worst at ${place(worst, shape)}: got ${got[worst]}, want ${want[worst]} ` +
      `(relative ${worstOff.toExponential(2)}; allowed relative ${relative}, absolute ${absolute}, ${ulp} ulp)`,
  );
}

/**
 * Throws unless two tensors (or nested numbers) have the same shape and close values. NaN equals NaN.
 * @param closeness Default: relative 1e-5, absolute 1e-8.
 * @example expectClose(softmax([1, 2], 0), [0.26894142, 0.73105858], { relative: 1e-6 });
 */
export function expectClose(
  got: TensorArg,
  want: TensorArg,
  closeness: Closeness = { relative: 1e-5, absolute: 1e-8 },
): void {
  const a = asTensor(got);
  const isNested = Array.isArray(want) || typeof want === "number" || typeof want === "boolean";
  const { shape, numbers } = isNested ? flattenExpected(want) : tensorNumbers(asTensor(want));
  if (formatShape(a.shape) !== formatShape(shape)) {
    throw new Error(`expectClose: got shape ${formatShape(a.shape)}, want ${formatShape(shape)}`);
  }
  compareNumbers("expectClose", numbersOf(a), numbers, shape, closeness);
}

function tensorNumbers(t: Tensor) {
  return { shape: [...t.shape], numbers: numbersOf(t) };
}
