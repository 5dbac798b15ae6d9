import { inspect } from "node:util";
import { Tensor } from "@tenon/numerics";
import { isTensorJson, numbersOfJson, type TensorJson } from "./case.ts";

export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

function describe(value: unknown): string {
  if (value instanceof Tensor) return `${value.dtype} [${value.shape.join(", ")}]`;
  return inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
}

/** What differs between a tensor and the recorded one, or undefined. Integers, bools and NaN must be equal. */
export function tensorDifference(got: Tensor, want: TensorJson, { relative, absolute }: Tolerance): string | undefined {
  if (got.shape.join() !== want.shape.join()) return `shape [${got.shape.join(", ")}], want [${want.shape.join(", ")}]`;
  const exact = want.dtype !== "float64";
  if (exact !== (got.dtype !== "float64" && got.dtype !== "float32")) return `dtype ${got.dtype}, want ${want.dtype}`;
  const a = Float64Array.from(got.data() as ArrayLike<number | bigint>, Number);
  const b = numbersOfJson(want);
  for (let i = 0; i < b.length; i++) {
    const x = a[i]!;
    const y = b[i]!;
    if (x === y || (Number.isNaN(x) && Number.isNaN(y))) continue;
    const close = !exact && Number.isFinite(x) && Math.abs(x - y) <= absolute + relative * Math.abs(y);
    if (!close) return `element ${i} is ${x}, want ${y}`;
  }
  return undefined;
}

/** The same for any recorded value: nested lists, numbers, booleans. */
export function difference(got: unknown, want: unknown, tolerance: Tolerance): string | undefined {
  if (isTensorJson(want)) {
    return got instanceof Tensor ? tensorDifference(got, want, tolerance) : `${describe(got)}, want a tensor`;
  }
  if (Array.isArray(want)) {
    if (!Array.isArray(got) || got.length !== want.length) return `${describe(got)}, want ${want.length} items`;
    for (let i = 0; i < want.length; i++) {
      const found = difference(got[i], want[i], tolerance);
      if (found !== undefined) return `[${i}] ${found}`;
    }
    return undefined;
  }
  const plain = got instanceof Tensor && got.size === 1 ? got.item() : got;
  return plain === want ? undefined : `${describe(plain)}, want ${describe(want)}`;
}
