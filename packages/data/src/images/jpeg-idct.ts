// Constants times 2^13; intermediate values keep 2 bits more than the input (jidctint.c).
const BITS = 13;
const EXTRA = 2;
const C0298 = 2446;
const C0390 = 3196;
const C0541 = 4433;
const C0765 = 6270;
const C0899 = 7373;
const C1175 = 9633;
const C1501 = 12299;
const C1847 = 15137;
const C1961 = 16069;
const C2053 = 16819;
const C2562 = 20995;
const C3072 = 25172;

const work = /* @__PURE__ */ new Int32Array(64);

/**
 * Dequantises and transforms one block of 8x8 coefficients into samples 0 to 255: the accurate integer method of libjpeg.
 * Source: Loeffler, Ligtenberg, Moschytz, "Practical fast 1-D DCT algorithms with 11 multiplications" (ICASSP 1989).
 */
export function inverseTransform(
  coefficients: Int16Array,
  from: number,
  quantization: Uint16Array,
  out: Uint8Array,
  to: number,
  stride: number,
): void {
  for (let i = 0; i < 64; i++) work[i] = coefficients[from + i]! * quantization[i]!;
  for (let column = 0; column < 8; column++) pass(column, 8, BITS - EXTRA);
  for (let row = 0; row < 8; row++) {
    pass(8 * row, 1, BITS + EXTRA + 3);
    const at = to + row * stride;
    for (let x = 0; x < 8; x++) {
      out[at + x] = Math.max(0, Math.min(work[8 * row + x]! + 128, 255));
    }
  }
}

/** One dimension, in place: 8 values `step` apart, scaled down by 2^shift with rounding. */
function pass(at: number, step: number, shift: number): void {
  const half = 1 << (shift - 1);
  const x0 = work[at]!;
  const x1 = work[at + step]!;
  const x2 = work[at + 2 * step]!;
  const x3 = work[at + 3 * step]!;
  const x4 = work[at + 4 * step]!;
  const x5 = work[at + 5 * step]!;
  const x6 = work[at + 6 * step]!;
  const x7 = work[at + 7 * step]!;

  const even = Math.imul(x2 + x6, C0541);
  const e2 = even - Math.imul(x6, C1847);
  const e3 = even + Math.imul(x2, C0765);
  const e0 = (x0 + x4) << BITS;
  const e1 = (x0 - x4) << BITS;
  const a0 = e0 + e3 + half;
  const a3 = e0 - e3 + half;
  const a1 = e1 + e2 + half;
  const a2 = e1 - e2 + half;

  const common = Math.imul(x7 + x3 + x5 + x1, C1175);
  const z1 = -Math.imul(x7 + x1, C0899);
  const z2 = -Math.imul(x5 + x3, C2562);
  const z3 = common - Math.imul(x7 + x3, C1961);
  const z4 = common - Math.imul(x5 + x1, C0390);
  const b0 = Math.imul(x7, C0298) + z1 + z3;
  const b1 = Math.imul(x5, C2053) + z2 + z4;
  const b2 = Math.imul(x3, C3072) + z2 + z3;
  const b3 = Math.imul(x1, C1501) + z1 + z4;

  work[at] = (a0 + b3) >> shift;
  work[at + step] = (a1 + b2) >> shift;
  work[at + 2 * step] = (a2 + b1) >> shift;
  work[at + 3 * step] = (a3 + b0) >> shift;
  work[at + 4 * step] = (a3 - b0) >> shift;
  work[at + 5 * step] = (a2 - b1) >> shift;
  work[at + 6 * step] = (a1 - b2) >> shift;
  work[at + 7 * step] = (a0 - b3) >> shift;
}
