import { type ByteSource, decodeUtf8, type Fail } from "./byte-source.ts";
import { parseStrictJson, type StrictJson } from "./strict-json.ts";

/** One tensor of a safetensors file: where its bytes lie, from the start of the file. */
export interface SafetensorsEntry {
  /** As the file says: F32, BF16, BOOL ... */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
}

export interface SafetensorsHeader {
  /** In the order of the header. */
  readonly entries: ReadonlyMap<string, SafetensorsEntry>;
  readonly metadata: ReadonlyMap<string, string>;
}

const MAX_HEADER = 100_000_000;
const MAX_RANK = 64;
const LIMIT_64 = 2n ** 64n;

/** Bits of one element of each dtype that the format knows. */
const bits: ReadonlyMap<string, bigint> = new Map([
  ["F4", 4n],
  ["F6_E2M3", 6n],
  ["F6_E3M2", 6n],
  ...["BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"].map((d) => [d, 8n] as const),
  ...["I16", "U16", "F16", "BF16"].map((d) => [d, 16n] as const),
  ...["I32", "U32", "F32"].map((d) => [d, 32n] as const),
  ...["I64", "U64", "F64", "C64"].map((d) => [d, 64n] as const),
]);

/**
 * Reads and checks the header of a safetensors file: 8 bytes of length, JSON, then the data without gap or overlap up to
 * the last byte, each range as long as shape and dtype say.
 * @throws FormatError naming the tensor or the offset.
 */
export async function readSafetensorsHeader(source: ByteSource): Promise<SafetensorsHeader> {
  const { fail } = source;
  if (source.size < 8) throw fail("safetensors: shorter than its length field", `${source.size} bytes`);
  const start = await source.read(0, 8);
  const length = new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true);
  if (length > MAX_HEADER) throw fail(`safetensors: header length ${length} above ${MAX_HEADER}`, "byte 0");
  const dataStart = 8 + Number(length);
  if (dataStart > source.size) throw fail(`safetensors: header of ${length} bytes is cut off`, `${source.size} bytes`);
  const text = decodeUtf8(await source.read(8, dataStart - 8), fail, "header");
  if (!text.startsWith("{")) throw fail('safetensors: header does not begin with "{"', "byte 8");
  return parseHeader(text, dataStart, source.size, fail);
}

function parseHeader(text: string, dataStart: number, fileSize: number, fail: Fail): SafetensorsHeader {
  const header = parseStrictJson(text, fail) as Map<string, StrictJson>;
  const metadata = parseMetadata(header.get("__metadata__"), fail);
  header.delete("__metadata__");
  const entries = new Map<string, SafetensorsEntry>();
  for (const [name, value] of header) {
    entries.set(name, parseEntry(value, dataStart, fileSize, fail, `tensor ${JSON.stringify(name)}`));
  }
  checkCoverage(entries, dataStart, fileSize, fail);
  return { entries, metadata };
}

function parseMetadata(value: StrictJson | undefined, fail: Fail): Map<string, string> {
  const metadata = new Map<string, string>();
  if (value === undefined) return metadata;
  if (!(value instanceof Map)) throw fail("safetensors: metadata must be an object", "__metadata__");
  for (const [key, text] of value) {
    if (typeof text !== "string")
      throw fail("safetensors: metadata must be text", `__metadata__ ${JSON.stringify(key)}`);
    metadata.set(key, text);
  }
  return metadata;
}

function parseEntry(
  value: StrictJson,
  dataStart: number,
  fileSize: number,
  fail: Fail,
  place: string,
): SafetensorsEntry {
  if (!(value instanceof Map)) throw fail("safetensors: a tensor's entry must be an object", place);
  const dtype = value.get("dtype");
  const elementBits = typeof dtype === "string" ? bits.get(dtype) : undefined;
  if (elementBits === undefined) throw fail(`safetensors: unknown dtype ${describe(dtype)}`, place);
  const shape = naturals(value.get("shape"), "shape", fail, place);
  const offsets = naturals(value.get("data_offsets"), "data_offsets", fail, place);
  if (shape.length > MAX_RANK) throw fail(`safetensors: more than ${MAX_RANK} dimensions`, place);
  if (offsets.length !== 2) throw fail("safetensors: data_offsets must be [begin, end]", place);
  let total = elementBits;
  for (const size of shape) {
    total *= size;
    // Checked at each step, before a later 0 could hide it.
    if (total >= LIMIT_64 || size > Number.MAX_SAFE_INTEGER) throw fail("safetensors: shape too large", place);
  }
  if (total % 8n !== 0n) throw fail("safetensors: elements do not fill whole bytes", place);
  const [begin, end] = offsets as [bigint, bigint];
  if (end < begin || end > fileSize - dataStart) {
    throw fail(`safetensors: data_offsets [${begin}, ${end}] outside the data of ${fileSize - dataStart} bytes`, place);
  }
  if (end - begin !== total / 8n) {
    throw fail(`safetensors: ${dtype} [${shape.join(", ")}] takes ${total / 8n} bytes, not ${end - begin}`, place);
  }
  return {
    dtype: dtype as string,
    shape: shape.map(Number),
    offset: dataStart + Number(begin),
    length: Number(total / 8n),
  };
}

function naturals(value: StrictJson | undefined, field: string, fail: Fail, place: string): bigint[] {
  if (!Array.isArray(value)) throw fail(`safetensors: ${field} must be an array`, place);
  for (const item of value) {
    if (typeof item !== "bigint" || item < 0n) {
      throw fail(`safetensors: ${field} must hold whole numbers of 0 or more, not ${describe(item)}`, place);
    }
  }
  return value as bigint[];
}

/** Every byte of the data belongs to exactly one tensor, so that no two readers can see different files in one. */
function checkCoverage(entries: Map<string, SafetensorsEntry>, dataStart: number, fileSize: number, fail: Fail): void {
  let at = dataStart;
  for (const [name, entry] of [...entries].sort(([, a], [, b]) => a.offset - b.offset || a.length - b.length)) {
    if (entry.offset !== at) {
      const what = entry.offset > at ? "a hole before" : "an overlap at";
      throw fail(`safetensors: ${what} byte ${entry.offset}`, `tensor ${JSON.stringify(name)}`);
    }
    at += entry.length;
  }
  if (at !== fileSize) throw fail(`safetensors: ${fileSize - at} bytes after the last tensor`, `byte ${at}`);
}

function describe(value: StrictJson | undefined): string {
  if (value instanceof Map) return "an object";
  return typeof value === "string" ? JSON.stringify(value).slice(0, 40) : String(value).slice(0, 40);
}
