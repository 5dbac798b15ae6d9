import { ArgumentError, FormatError, UnsupportedError } from "@tenon/numerics";
import { describe, expect, it } from "vitest";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";
import type { TensorData } from "./tensor-data.ts";

function file(header: string, data: number[] = [], length = header.length): Uint8Array {
  const bytes = new Uint8Array([...new Uint8Array(8), ...Buffer.from(header, "latin1"), ...data]);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  return bytes;
}

const entry = (fields: object) => JSON.stringify({ dtype: "U8", shape: [2], data_offsets: [0, 2], ...fields });

describe("encodeSafetensors", () => {
  const tensors: { [name: string]: TensorData } = {
    b: { dtype: "float32", shape: [2], data: new Float32Array([1, 2]) },
    a: { dtype: "float32", shape: [], data: new Float32Array([3]) },
    mask: { dtype: "bool", shape: [3], data: new Uint8Array([1, 0, 1]) },
    count: { dtype: "int64", shape: [1], data: new BigInt64Array([2n ** 60n]) },
    half: { dtype: "bfloat16", shape: [0, 2], data: new Uint16Array(0) },
    wide: { dtype: "float64", shape: [1], data: new Float64Array([0.1]) },
  };

  it("lays tensors out by dtype and name, each aligned, the header padded to 8", () => {
    const bytes = encodeSafetensors(tensors, [["format", "pt"]]);
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = Buffer.from(bytes.subarray(8, 8 + length)).toString();
    expect(length % 8).toBe(0);
    expect(Object.keys(JSON.parse(header))).toEqual(["__metadata__", "count", "wide", "a", "b", "half", "mask"]);
    expect(
      header.startsWith('{"__metadata__":{"format":"pt"},"count":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}'),
    ).toBe(true);
  });

  it("is read back as it was", async () => {
    const { tensors: read, metadata } = await decodeSafetensors(encodeSafetensors(tensors, [["k", "v"]]));
    expect(Object.fromEntries(read)).toEqual(tensors);
    expect([...metadata]).toEqual([["k", "v"]]);
  });

  it("refuses values that do not fill the shape, and the reserved name", () => {
    const short: TensorData = { dtype: "float32", shape: [3], data: new Float32Array(2) };
    expect(() => encodeSafetensors({ w: short })).toThrow(ArgumentError);
    expect(() => encodeSafetensors({ w: short })).toThrow(/"w".*8 bytes.*12 bytes/);
    expect(() => encodeSafetensors({ __metadata__: { ...short, shape: [2] } })).toThrow(/__metadata__/);
  });
});

describe("decodeSafetensors", () => {
  it("takes data at any alignment, and any name as a plain key", async () => {
    const header = '{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
    const { tensors } = await decodeSafetensors(file(header, [0, 0, 128, 63]));
    expect([...tensors.get("__proto__")!.data]).toEqual([1]);
  });

  it("makes every byte of a bool 0 or 1", async () => {
    const { tensors } = await decodeSafetensors(file(`{"m":${entry({ dtype: "BOOL" })}}`, [7, 0]));
    expect([...tensors.get("m")!.data]).toEqual([1, 0]);
  });

  it("names a legal dtype that Tenon has not", async () => {
    const bytes = file(`{"w":${entry({ dtype: "U16", shape: [1] })}}`, [1, 0]);
    await expect(decodeSafetensors(bytes)).rejects.toThrow(UnsupportedError);
    await expect(decodeSafetensors(bytes)).rejects.toThrow(/U16 for tensor "w"/);
  });

  it.each([
    ["nothing", new Uint8Array(0), /length field/],
    ["a header length past the end", file("{}", [], 100), /cut off/],
    ["a header length beyond any file", file("{}", [], 2 ** 52), /above/],
    ["a header that is no object", file("[1]"), /begin with/],
    ["a name twice", file(`{"a":${entry({})},"a":${entry({})}}`, [1, 2]), /twice/],
    ["a size written 2.0", file('{"a":{"dtype":"U8","shape":[2.0],"data_offsets":[0,2]}}', [1, 2]), /whole numbers/],
    ["an unknown dtype", file(`{"a":${entry({ dtype: "constructor" })}}`, [1, 2]), /unknown dtype "constructor"/],
    ["a shape of another length", file(`{"a":${entry({ shape: [3] })}}`, [1, 2]), /takes 3 bytes, not 2/],
    [
      "a product that overflows before a 0",
      file(`{"a":${entry({ shape: [2 ** 52, 2 ** 52, 0], data_offsets: [0, 0] })}}`),
      /too large/,
    ],
    ["tensors that overlap", file(`{"a":${entry({})},"b":${entry({})}}`, [1, 2]), /overlap/],
    ["a hole", file(`{"a":${entry({ data_offsets: [1, 3] })}}`, [1, 2, 3]), /hole/],
    ["bytes after the last tensor", file(`{"a":${entry({})}}`, [1, 2, 3]), /1 bytes after/],
    ["metadata that is not text", file('{"__metadata__":{"a":1}}'), /text/],
    ["text that is not UTF-8", file('{"\xff":1}'), /UTF-8/],
    ["deep nesting", file(`{"a":${"[".repeat(1e5)}`), /deeper/],
  ])("refuses %s", async (_, bytes, message) => {
    await expect(decodeSafetensors(bytes)).rejects.toThrow(FormatError);
    await expect(decodeSafetensors(bytes)).rejects.toThrow(message);
  });
});
