import { FormatError, type TypedArray } from "@tenon/numerics";
import type { DenseArray } from "../value.ts";
import type { ReadLimits } from "./gunzip.ts";

interface ElementType {
  readonly bytes: number;
  read(view: DataView, count: number): TypedArray;
}

function big<A extends TypedArray>(
  make: new (n: number) => A,
  bytes: number,
  get: (v: DataView, at: number) => number,
) {
  return {
    bytes,
    read(view: DataView, count: number): A {
      const out = new make(count);
      for (let i = 0; i < count; i++) out[i] = get(view, i * bytes);
      return out;
    },
  };
}

const types: Readonly<Record<number, ElementType>> = {
  8: { bytes: 1, read: (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength) },
  9: { bytes: 1, read: (view) => new Int8Array(view.buffer, view.byteOffset, view.byteLength) },
  11: big(Int16Array, 2, (v, at) => v.getInt16(at)),
  12: big(Int32Array, 4, (v, at) => v.getInt32(at)),
  13: big(Float32Array, 4, (v, at) => v.getFloat32(at)),
  14: big(Float64Array, 8, (v, at) => v.getFloat64(at)),
};

/**
 * An IDX file (the format of MNIST): two zero bytes, element type, number of dimensions, sizes and elements, all big-endian.
 * Byte elements are a view of `bytes`, not a copy.
 * @throws FormatError naming the offset, if the header is wrong or the data is not exactly as long as it says.
 * Source: Yann LeCun, "The MNIST database".
 */
export function readIdx(bytes: Uint8Array, { maxBytes = 2 ** 32, name = "bytes" }: ReadLimits = {}): DenseArray {
  const fail = (rule: string, at: number, hint?: string) =>
    new FormatError({
      op: "readIdx",
      rule,
      received: `byte ${at} of ${name}`,
      ...(hint === undefined ? {} : { hint }),
    });
  if (bytes.length < 4) throw fail("too short for a header", bytes.length);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw fail("this is a gzip file", 0, "Unpack it with gunzip() first");
  if (bytes[0] !== 0 || bytes[1] !== 0) throw fail("not an IDX file: the first two bytes must be 0", 0);
  const type = types[bytes[2]!];
  if (type === undefined) throw fail(`unknown element type ${bytes[2]}`, 2);
  const rank = bytes[3]!;
  const start = 4 + 4 * rank;
  if (rank === 0) throw fail("no dimensions", 3);
  if (start > bytes.length) throw fail(`cut off inside the sizes of ${rank} dimensions`, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  // A product of doubles is wrong by rounding only where it is far above any file's length.
  const count = shape.reduce((product, size) => product * size, 1);
  const expected = start + count * type.bytes;
  if (expected !== bytes.length) {
    throw fail(`shape [${shape.join(", ")}] needs ${expected} bytes, the file has ${bytes.length}`, 4);
  }
  if (count * type.bytes > maxBytes) throw fail(`holds more than maxBytes (${maxBytes})`, start);
  return { data: type.read(new DataView(view.buffer, view.byteOffset + start, count * type.bytes), count), shape };
}
