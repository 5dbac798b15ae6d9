import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { FormatError } from "@tenon/numerics";
import { describe, expect, it } from "vitest";
import { readNpy, readNpz } from "./npy.ts";

// Written by tools/fixtures/checkpoints.py with NumPy 1.24.
const folder = fileURLToPath(new URL("../../fixtures/checkpoints/", import.meta.url));

function npy(header: string, data: number[] = [], version = 1): Uint8Array {
  const text = `${header}\n`;
  const length = version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0];
  return new Uint8Array([0x93, ...Buffer.from("NUMPY"), version, 0, ...length, ...Buffer.from(text), ...data]);
}

describe("readNpy", () => {
  it("turns Fortran order into row-major", async () => {
    const { shape, data } = await readNpy(`${folder}fortran.npy`);
    expect([shape, [...data]]).toEqual([
      [2, 3],
      [0, 1, 2, 3, 4, 5],
    ]);
  });

  it("takes keys in any order, both quotes, and versions 2 and 3", async () => {
    const header = `{"shape": (2,), 'fortran_order': False, "descr": '|u1'}`;
    for (const version of [1, 2, 3]) {
      expect(await readNpy(npy(header, [7, 8], version))).toMatchObject({
        dtype: "uint8",
        data: new Uint8Array([7, 8]),
      });
    }
  });

  it.each([
    ["a call", "{'descr': '|u1', 'fortran_order': False, 'shape': (f(),)}", /shape/],
    ["objects", "{'descr': '|O', 'fortran_order': False, 'shape': ()}", /\|O/],
    ["a shape that is a number", "{'descr': '|u1', 'fortran_order': False, 'shape': (2)}", /shape/],
    ["a fourth key", "{'descr': '|u1', 'fortran_order': False, 'shape': (), 'x': ''}", /text/],
    ["a key twice", "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': ()}", /twice/],
    [
      "sizes whose product overflows",
      "{'descr': '|u1', 'fortran_order': False, 'shape': (4294967296, 4294967296)}",
      /0 bytes/,
    ],
  ])("refuses %s", async (_, header, message) => {
    await expect(readNpy(npy(header))).rejects.toThrow(FormatError);
    await expect(readNpy(npy(header))).rejects.toThrow(message);
  });
});

describe("readNpz", () => {
  it("reads stored and deflated members, big-endian ones too", async () => {
    const arrays = await readNpz(`${folder}arrays.npz`);
    expect([...arrays.keys()]).toEqual(["a", "b", "c"]);
    expect(arrays.get("b")).toEqual({ dtype: "int64", shape: [2], data: new BigInt64Array([1n, 2n]) });
    expect(arrays.get("c")).toEqual({ dtype: "bool", shape: [], data: new Uint8Array([1]) });
    expect((await readNpz(`${folder}stored.npz`)).get("a")).toEqual(arrays.get("a"));
  });

  it("stops at the limit for compressed data", async () => {
    await expect(readNpz(`${folder}arrays.npz`, { maxBytes: 100 })).rejects.toThrow(/maxBytes/);
  });

  it("answers every damaged byte with a FormatError or a value", async () => {
    const good = await readFile(`${folder}arrays.npz`);
    for (let i = 0; i < good.length; i++) {
      const bad = new Uint8Array(good);
      bad[i]! ^= 1 << (i % 8);
      await readNpz(bad).catch((error) => expect(error).toBeInstanceOf(FormatError));
    }
  });
});
