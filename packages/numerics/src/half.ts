import type { DType } from "./dtype.ts";

const scratch = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8));

/** The number that a float16 bit pattern stands for (IEEE 754 binary16). */
export function float16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction * 2 ** -10) * 2 ** (exponent - 15);
}

/** The number that a bfloat16 bit pattern stands for: the upper half of a float32. */
export function bfloat16ToNumber(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}

/** The float16 bit pattern nearest to a number, ties to even. */
export function numberToFloat16(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const x = Math.abs(value);
  if (Number.isNaN(x)) return 0x7e00;
  if (x >= 65520) return sign | 0x7c00;
  if (x < 2 ** -14) return sign | roundHalfEven(x * 2 ** 24);
  const exponent = Math.floor(Math.log2(x));
  // log2 may be off by one next to a power of two; the rounded fraction carries into the exponent by itself.
  const e = x < 2 ** exponent ? exponent - 1 : x >= 2 ** (exponent + 1) ? exponent + 1 : exponent;
  return sign | (((e + 15) << 10) + roundHalfEven((x / 2 ** e - 1) * 1024));
}

/** The bfloat16 bit pattern nearest to a number, ties to even, rounded once. */
export function numberToBfloat16(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  scratch.setFloat32(0, value);
  let bits = scratch.getUint32(0);
  // Rounding to float32 first may have moved the value onto a tie of bfloat16; undo that before rounding again.
  if ((bits & 0xffff) === 0x8000) {
    const once = scratch.getFloat32(0);
    if (Math.abs(once) > Math.abs(value)) bits -= 1;
    else if (Math.abs(once) < Math.abs(value)) bits += 1;
  }
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

function roundHalfEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  return rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
}

/** An element as it is stored, as a number. */
export function toNumber(stored: number, dtype: DType): number {
  if (dtype === "float16") return float16ToNumber(stored);
  return dtype === "bfloat16" ? bfloat16ToNumber(stored) : stored;
}

/** A number as it is stored. */
export function fromNumber(value: number, dtype: DType): number {
  if (dtype === "float16") return numberToFloat16(value);
  return dtype === "bfloat16" ? numberToBfloat16(value) : value;
}
