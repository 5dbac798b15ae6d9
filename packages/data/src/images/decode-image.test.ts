import { readFileSync } from "node:fs";
import { FormatError } from "@tenon/numerics";
import { describe, expect, it } from "vitest";
import { decodeImage } from "./decode-image.ts";
import { toRgb } from "./to-rgb.ts";

const folder = new URL("../../fixtures/", import.meta.url);
const read = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)));

interface Row {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: string;
}

const rows = JSON.parse(readFileSync(new URL("images.json", folder), "utf8")) as Row[];

describe("decodeImage", () => {
  it.each(rows)("gives Pillow's pixels of $file, bit for bit", ({ file, width, height, channels, data }) => {
    const image = decodeImage(read(file));
    expect([image.width, image.height, image.channels]).toEqual([width, height, channels]);
    expect(Buffer.compare(image.data, Buffer.from(data, "base64"))).toBe(0);
  });

  it.each(rows.map(({ file }) => file))("refuses %s cut off anywhere, or gives an error that is typed", (file) => {
    const bytes = read(file);
    for (let length = 0; length < bytes.length; length += 7) {
      expect(() => decodeImage(bytes.subarray(0, length))).toThrow(FormatError);
    }
  });

  it.each(rows.map(({ file }) => file))("never fails otherwise than typed on %s with a byte changed", (file) => {
    const bytes = read(file);
    for (let at = 0; at < bytes.length; at += 11) {
      const damaged = bytes.slice();
      damaged[at] = damaged[at]! ^ 0x55;
      try {
        decodeImage(damaged, { maxBytes: 1 << 20 });
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
      }
    }
  });

  it("stops at the limit before it allocates", () => {
    const huge = read("rgb.png");
    expect(() => decodeImage(huge, { maxBytes: 4994 })).toThrow("more bytes than maxBytes (4994)");
    expect(decodeImage(huge, { maxBytes: 37 * (45 * 3 + 1) }).width).toBe(45);
    expect(() => decodeImage(read("grey.jpg"), { maxBytes: 400, name: "a.jpg" })).toThrow(/byte \d+ of a\.jpg/);
  });

  it("says what a file of another kind begins with", () => {
    expect(() => decodeImage(new TextEncoder().encode("GIF89a"))).toThrow("neither PNG nor JPEG");
    expect(() => decodeImage(new TextEncoder().encode("GIF89a"))).toThrow("47 49 46 38");
  });
});

describe("toRgb", () => {
  it("repeats grey and drops alpha", () => {
    const pixel = (...data: number[]) => ({
      data: Uint8Array.from(data),
      width: 1,
      height: 1,
      channels: data.length,
    });
    expect([...toRgb(pixel(7)).data]).toEqual([7, 7, 7]);
    expect([...toRgb(pixel(7, 1)).data]).toEqual([7, 7, 7]);
    expect([...toRgb(pixel(1, 2, 3, 4)).data]).toEqual([1, 2, 3]);
  });
});
