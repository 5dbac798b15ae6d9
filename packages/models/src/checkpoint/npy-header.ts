import type { DType } from "@tenon/numerics";
import { decodeUtf8, type Fail } from "./byte-source.ts";

/** The header of a .npy file. */
export interface NpyHeader {
  readonly dtype: DType;
  readonly bigEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly dataStart: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const MAX_RANK = 64;

const dtypeOf: ReadonlyMap<string, DType> = new Map([
  ["b1", "bool"],
  ["i1", "int8"],
  ["u1", "uint8"],
  ["i2", "int16"],
  ["i4", "int32"],
  ["i8", "int64"],
  ["f2", "float16"],
  ["f4", "float32"],
  ["f8", "float64"],
]);

export function looksLikeNpy(start: Uint8Array): boolean {
  return MAGIC.every((byte, i) => start[i] === byte);
}

/**
 * Parses what precedes the values: magic, version 1.0 to 3.0, length, and a Python dictionary of exactly descr,
 * fortran_order and shape. The dictionary is matched, never evaluated.
 * @throws FormatError naming the field; also for objects, structures, text, dates, complex numbers and long double.
 */
export function parseNpyHeader(bytes: Uint8Array, fail: Fail): NpyHeader {
  if (!looksLikeNpy(bytes)) throw fail("npy: no magic number", "byte 0");
  const [major = 0, minor = 0] = bytes.subarray(6, 8);
  if (major < 1 || major > 3 || minor !== 0) throw fail(`npy: version ${major}.${minor}`, "byte 6");
  const textStart = major === 1 ? 10 : 12;
  if (bytes.length < textStart) throw fail("npy: cut off in the header", `${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > 65535) throw fail(`npy: header of ${length} bytes`, "byte 8");
  const dataStart = textStart + length;
  if (dataStart > bytes.length) throw fail("npy: header is cut off", `${bytes.length} bytes`);
  const text = bytes.subarray(textStart, dataStart);
  const header = major === 3 ? decodeUtf8(text, fail, "header") : new TextDecoder("latin1").decode(text);
  return { ...parseDictionary(header, fail), dataStart };
}

// One entry of the dictionary. Strings without escapes, tuples of plain numbers (with the L of Python 2), True and False.
const ENTRY = /\s*(?:'(\w+)'|"(\w+)")\s*:\s*(?:'([^'\\]*)'|"([^"\\]*)"|(True|False)|\(([\dL,\s]*)\))\s*(,|})/y;

function parseDictionary(text: string, fail: Fail): Omit<NpyHeader, "dataStart"> {
  const fields = new Map<string, string>();
  if (!text.startsWith("{")) throw fail("npy: header is not a dictionary", "header");
  if (!text.endsWith("\n")) throw fail("npy: header does not end in a new line", "header");
  let at = 1;
  for (let closed = false; !closed; ) {
    ENTRY.lastIndex = at;
    const match = ENTRY.exec(text);
    if (match === null) throw fail("npy: header holds what is not text, True, False or a shape", `character ${at}`);
    const [whole, single, double, text1, text2, bool, tuple, end] = match;
    const key = single ?? double ?? "";
    if (fields.has(key)) throw fail(`npy: ${key} appears twice`, `character ${at}`);
    fields.set(key, text1 ?? text2 ?? bool ?? `(${tuple})`);
    // Text must not pass for a value of another kind.
    if ((text1 ?? text2 ?? undefined) !== undefined && key !== "descr")
      throw fail(`npy: ${key} is text`, `character ${at}`);
    at += whole.length;
    const rest = /^\s*}/.exec(text.slice(at));
    if (end === "," && rest !== null) at += rest[0].length;
    closed = end === "}" || rest !== null;
  }
  if (text.slice(at).trim() !== "") throw fail("npy: text after the dictionary", `character ${at}`);
  if (fields.size !== 3)
    throw fail("npy: header must have descr, fortran_order and shape", [...fields.keys()].join(", "));
  return {
    ...parseDescr(fields.get("descr"), fail),
    fortranOrder: parseBool(fields.get("fortran_order"), fail),
    shape: parseShape(fields.get("shape"), fail),
  };
}

function parseDescr(descr: string | undefined, fail: Fail): { dtype: DType; bigEndian: boolean } {
  const match = /^([<>|])(\w+)$/.exec(descr ?? "");
  const dtype = dtypeOf.get(match?.[2] ?? "");
  if (match === null || dtype === undefined || (match[1] === "|") !== /1$/.test(match[2]!)) {
    throw fail(`npy: element type ${JSON.stringify(descr?.slice(0, 20))} is not supported`, "descr");
  }
  return { dtype, bigEndian: match[1] === ">" };
}

function parseBool(value: string | undefined, fail: Fail): boolean {
  if (value !== "True" && value !== "False") throw fail("npy: fortran_order must be True or False", "fortran_order");
  return value === "True";
}

function parseShape(value: string | undefined, fail: Fail): number[] {
  // A tuple of one element has a comma: (2) would be a number.
  const match = /^\(\s*(?:((?:\d{1,16}L?\s*,\s*)+)(\d{1,16}L?)?)?\s*\)$/.exec(value ?? "");
  if (match === null) throw fail("npy: shape is not a tuple of whole numbers", "shape");
  const sizes = `${match[1] ?? ""}${match[2] ?? ""}`.split(",").filter((part) => part.trim() !== "");
  if (sizes.length > MAX_RANK) throw fail(`npy: more than ${MAX_RANK} dimensions`, "shape");
  return sizes.map((size) => Number.parseInt(size, 10));
}
