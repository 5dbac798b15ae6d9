import { describe, expect, it } from "vitest";
import { bfloat16ToNumber, float16ToNumber, numberToBfloat16, numberToFloat16 } from "./half.ts";

describe("float16", () => {
  it("round-trips every bit pattern", () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = float16ToNumber(bits);
      if (Number.isNaN(value)) expect(float16ToNumber(numberToFloat16(value))).toBeNaN();
      else if (numberToFloat16(value) !== bits) throw new Error(`${bits.toString(16)} -> ${value}`);
    }
  });

  it("rounds to nearest, ties to even", () => {
    expect(numberToFloat16(1 + 2 ** -11)).toBe(0x3c00);
    expect(numberToFloat16(1 + 3 * 2 ** -11)).toBe(0x3c02);
    expect(numberToFloat16(65519.99)).toBe(0x7bff);
    expect(numberToFloat16(65520)).toBe(0x7c00);
    expect(numberToFloat16(2 ** -25)).toBe(0);
    expect(numberToFloat16(2 ** -25 * 1.0001)).toBe(1);
  });
});

describe("bfloat16", () => {
  it("round-trips every bit pattern", () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = bfloat16ToNumber(bits);
      if (!Number.isNaN(value) && numberToBfloat16(value) !== bits) throw new Error(`${bits.toString(16)} -> ${value}`);
    }
    expect(bfloat16ToNumber(numberToBfloat16(Number.NaN))).toBeNaN();
  });

  it("rounds once, not first to float32", () => {
    expect(numberToBfloat16(1 + 2 ** -8)).toBe(0x3f80);
    expect(numberToBfloat16(1 + 2 ** -8 + 2 ** -40)).toBe(0x3f81);
    expect(numberToBfloat16(1 + 3 * 2 ** -8 - 2 ** -40)).toBe(0x3f81);
  });
});
