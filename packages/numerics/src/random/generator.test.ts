import { describe, expect, it } from "vitest";
import { ArgumentError } from "../errors.ts";
import { Generator } from "./generator.ts";
import { philox } from "./philox.ts";

describe("philox", () => {
  // Known answers published with Random123 (kat_vectors, philox4x32 with 10 rounds).
  it.each([
    [
      [0, 0],
      [0, 0, 0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0xa4093822, 0x299f31d0],
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ])("gives the published words for key %j", (key, counter, words) => {
    const [c0, c1, c2, c3] = counter;
    expect(philox(key[0]!, key[1]!, c0!, c1!, c2, c3)).toEqual(words);
  });
});

describe("Generator", () => {
  it("repeats its stream for the same seed and differs for another", () => {
    const draw = (seed: number) =>
      Array.from(
        { length: 9 },
        (
          (g) => () =>
            g.nextUint32()
        )(new Generator(seed)),
      );
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it("goes on exactly from a saved state, in the middle of a block", () => {
    const a = new Generator(1n << 63n);
    a.nextUint32();
    const state = a.state();
    const expected = [a.uniform(), a.normal(), a.integer(10)];
    const b = new Generator(0).setState(JSON.parse(JSON.stringify(state)));
    expect([b.uniform(), b.normal(), b.integer(10)]).toEqual(expected);
  });

  it("derives streams from the seed and the names alone", () => {
    const fresh = new Generator(3);
    const used = new Generator(3);
    used.uniform();
    expect(used.stream(1, 2).nextUint32()).toBe(fresh.stream(1, 2).nextUint32());
    expect(fresh.stream(1, 2).nextUint32()).not.toBe(fresh.stream(2, 1).nextUint32());
  });

  it("has the moments of its distributions", () => {
    const g = new Generator(5);
    const n = 20000;
    const uniform = Array.from({ length: n }, () => g.uniform(-1, 1));
    const normal = Array.from({ length: n }, () => g.normal(2, 3));
    const mean = (xs: number[]) => xs.reduce((s, x) => s + x, 0) / n;
    // Five standard errors.
    expect(Math.abs(mean(uniform))).toBeLessThan((5 * Math.sqrt(1 / 3)) / Math.sqrt(n));
    expect(Math.abs(mean(normal) - 2)).toBeLessThan((5 * 3) / Math.sqrt(n));
    expect(Math.abs(mean(normal.map((x) => (x - 2) ** 2)) - 9)).toBeLessThan((5 * 9 * Math.SQRT2) / Math.sqrt(n));
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...uniform)).toBeLessThan(1);
  });

  it("permutes without loss", () => {
    const p = new Generator(1).permutation(100);
    expect([...p].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect([...p]).not.toEqual([...p].sort((a, b) => a - b));
  });

  it("refuses seeds and bounds that are not whole numbers", () => {
    expect(() => new Generator(0.5)).toThrow(ArgumentError);
    expect(() => new Generator(0).integer(0)).toThrow("Received 0");
  });
});
