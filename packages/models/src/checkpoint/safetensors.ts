import { ArgumentError, type DType, itemSize, sizeOfShape, UnsupportedError } from "@tenon/numerics";
import { type ByteSource, type PathOrBytes, sourceOfBytes, withSource } from "./byte-source.ts";
import { readSafetensorsHeader, type SafetensorsEntry } from "./safetensors-header.ts";
import { bytesOfValues, type TensorData, valuesOfBytes } from "./tensor-data.ts";

/** What a safetensors file holds. */
export interface SafetensorsContent {
  readonly tensors: Map<string, TensorData>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** A state dict as typed arrays: a Map (any name is a plain key) or a plain object. */
export type TensorDataDict = ReadonlyMap<string, TensorData> | { readonly [name: string]: TensorData };

/** In the order in which the reference writer lays tensors out: falling element size, so that each is naturally aligned. */
const nameOf: { readonly [D in DType]: string } = {
  int64: "I64",
  float64: "F64",
  float32: "F32",
  int32: "I32",
  bfloat16: "BF16",
  float16: "F16",
  int16: "I16",
  int8: "I8",
  uint8: "U8",
  bool: "BOOL",
};
const dtypeOf: ReadonlyMap<string, DType> = new Map(
  Object.entries(nameOf).map(([dtype, name]) => [name, dtype as DType]),
);

/**
 * Reads safetensors from a file, by ranges, or from bytes. Strict: see `safetensors-header.ts`.
 * @param options.only Reads just the tensors whose name passes; the header is checked all the same.
 * @throws FormatError for a file that breaks a rule of the format; UnsupportedError for a legal dtype that Tenon has not
 * (U16, F8 ...); FileError if the file cannot be read.
 */
export async function readSafetensors(
  from: PathOrBytes,
  options: { only?: (name: string) => boolean } = {},
): Promise<SafetensorsContent> {
  return withSource("readSafetensors", from, (source) => readSafetensorsFrom(source, options.only));
}

export async function readSafetensorsFrom(
  source: ByteSource,
  only: (name: string) => boolean = () => true,
): Promise<SafetensorsContent> {
  const { entries, metadata } = await readSafetensorsHeader(source);
  const tensors = new Map<string, TensorData>();
  for (const [name, entry] of entries) {
    if (only(name)) tensors.set(name, await readEntry(source, name, entry));
  }
  return { tensors, metadata };
}

async function readEntry(source: ByteSource, name: string, entry: SafetensorsEntry): Promise<TensorData> {
  const dtype = dtypeOf.get(entry.dtype);
  if (dtype === undefined) {
    throw new UnsupportedError({
      op: "readSafetensors",
      rule: "dtype not supported",
      received: `${entry.dtype} for tensor ${JSON.stringify(name)} in ${source.name}`,
      expected: `one of ${[...dtypeOf.keys()].join(", ")}`,
    });
  }
  const data = valuesOfBytes(dtype, await source.read(entry.offset, entry.length));
  return { dtype, shape: entry.shape, data };
}

/** `readSafetensors` of bytes in memory; the arrays are views of `bytes` where alignment allows. */
export async function decodeSafetensors(bytes: Uint8Array): Promise<SafetensorsContent> {
  return readSafetensorsFrom(sourceOfBytes("decodeSafetensors", bytes));
}

/**
 * The bytes of a safetensors file, as the reference writer lays them out: tensors by dtype, then by name; the header padded with spaces to a multiple of 8. Same input, same bytes.
 * @throws ArgumentError if the values of a tensor are not as many as its shape says.
 */
export function encodeSafetensors(
  tensors: TensorDataDict,
  metadata: Iterable<readonly [string, string]> = [],
): Uint8Array {
  const chunks = [...safetensorsChunks(tensors, metadata)];
  const out = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.byteLength;
  }
  return out;
}

/** The same in pieces, for writing without a second copy of everything in memory. */
export function* safetensorsChunks(
  tensors: TensorDataDict,
  metadata: Iterable<readonly [string, string]> = [],
): Generator<Uint8Array> {
  const entries = [...(tensors instanceof Map ? tensors : Object.entries(tensors))] as [string, TensorData][];
  const order = Object.keys(nameOf);
  entries.sort(([a, x], [b, y]) => order.indexOf(x.dtype) - order.indexOf(y.dtype) || (a < b ? -1 : 1));
  yield encodeHeader(entries, metadata);
  for (const [, tensor] of entries) yield bytesOfValues(tensor.data);
}

function encodeHeader(entries: [string, TensorData][], metadata: Iterable<readonly [string, string]>): Uint8Array {
  const parts: string[] = [];
  const pairs = [...metadata].map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  if (pairs.length > 0) parts.push(`"__metadata__":{${pairs.join(",")}}`);
  let at = 0;
  for (const [name, { dtype, shape, data }] of entries) {
    checkEntry(name, { dtype, shape, data });
    const entry = { dtype: nameOf[dtype], shape, data_offsets: [at, at + data.byteLength] };
    parts.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    at += data.byteLength;
  }
  const json = new TextEncoder().encode(`{${parts.join(",")}}`);
  const length = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(8 + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(json, 8);
  return header;
}

function checkEntry(name: string, { dtype, shape, data }: TensorData): void {
  const op = "encodeSafetensors";
  if (name === "__metadata__") throw new ArgumentError({ op, rule: "a tensor cannot be called __metadata__" });
  const expected = sizeOfShape(shape) * itemSize(dtype);
  if (data.byteLength !== expected) {
    throw new ArgumentError({
      op,
      rule: `values do not fill the shape of tensor ${JSON.stringify(name)}`,
      received: `${data.byteLength} bytes`,
      expected: `${expected} bytes for ${dtype} [${shape.join(", ")}]`,
    });
  }
}
