import { contiguousStrides, itemSize } from "@tenon/numerics";
import { type ByteSource, type Fail, type PathOrBytes, withSource } from "./byte-source.ts";
import { parseNpyHeader } from "./npy-header.ts";
import { Storage, StridedTensor } from "./pickle-values.ts";
import { materialize } from "./strided-copy.ts";
import type { TensorData } from "./tensor-data.ts";
import { openZip } from "./zip.ts";

/**
 * Reads one array from a NumPy `.npy` file. Big-endian values are swapped and Fortran order comes out row-major.
 * @throws FormatError for a file that is broken, or holds anything but booleans, integers and floats.
 */
export async function readNpy(from: PathOrBytes): Promise<TensorData> {
  return withSource("readNpy", from, async (source) => decodeNpy(await source.read(0, source.size), source.fail));
}

/**
 * Reads the arrays of a NumPy `.npz` archive by name, stored or deflated.
 * @param options.maxBytes What compressed arrays may inflate to, all together. Default 4 GiB.
 * @throws FormatError as `readNpy`, and for a broken archive or a member that is not an array.
 */
export async function readNpz(
  from: PathOrBytes,
  options: { maxBytes?: number } = {},
): Promise<Map<string, TensorData>> {
  return withSource("readNpz", from, (source) => readNpzFrom(source, options));
}

export async function readNpzFrom(
  source: ByteSource,
  options: { maxBytes?: number } = {},
): Promise<Map<string, TensorData>> {
  const archive = await openZip(source, options);
  const arrays = new Map<string, TensorData>();
  for (const [name, entry] of archive.entries) {
    // Names are keys here, never paths.
    const fail: Fail = (rule, place) => source.fail(rule, `${place} of zip entry ${JSON.stringify(name)}`);
    if (!name.endsWith(".npy")) throw fail("npz: a member that is not a .npy array", "name");
    arrays.set(name.slice(0, -4), decodeNpy(await archive.read(entry), fail));
  }
  return arrays;
}

function decodeNpy(bytes: Uint8Array, fail: Fail): TensorData {
  const { dtype, bigEndian, fortranOrder, shape, dataStart } = parseNpyHeader(bytes, fail);
  const size = shape.reduce((product, n) => product * n, 1);
  const length = size * itemSize(dtype);
  // Sizes above 2^53 are inexact and still far above any length; a 0 after them makes the product 0 or NaN.
  if (!Number.isSafeInteger(size) || length !== bytes.length - dataStart) {
    throw fail(
      `npy: ${bytes.length - dataStart} bytes of values for ${dtype} [${shape.join(", ")}]`,
      `byte ${dataStart}`,
    );
  }
  const storage = new Storage(dtype, "values", size);
  const raw = bytes.subarray(dataStart);
  storage.bytes = bigEndian ? swapBytes(raw, itemSize(dtype)) : raw;
  const strides = fortranOrder ? contiguousStrides([...shape].reverse()).reverse() : contiguousStrides(shape);
  const tensor = new StridedTensor(storage, 0, shape, strides);
  return materialize([tensor], fail).get(tensor) as TensorData;
}

function swapBytes(bytes: Uint8Array, size: number): Uint8Array {
  const out = bytes.slice();
  for (let at = 0; at < out.length; at += size) out.subarray(at, at + size).reverse();
  return out;
}
