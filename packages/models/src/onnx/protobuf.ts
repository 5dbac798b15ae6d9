import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { FormatError } from "@tenon/numerics";

/** How a field's values travel and what they are in TypeScript: `int64` and `uint64` are bigints, `size` is an int64 as a safe number. */
export type FieldKind = "int32" | "int64" | "uint64" | "size" | "float" | "double" | "string" | "bytes";

export interface Field {
  readonly number: number;
  readonly name: string;
  /** A scalar, or the message that the field holds (a function, because messages hold each other). */
  readonly kind: FieldKind | (() => MessageSchema);
  readonly repeated?: boolean;
  /** Whether the writer packs a repeated scalar; the reader takes both forms, as protobuf demands. */
  readonly packed?: boolean;
}

/** A message as data: what the reader and the writer are driven by. */
export interface MessageSchema {
  readonly name: string;
  /** In order of their numbers, which is the order in which they are written. */
  readonly fields: readonly Field[];
}

/** Chunks of this size and more are passed on instead of copied: weights. */
const LARGE_CHUNK = 4096;

type Values = Record<string, unknown>;

interface Encoded {
  readonly chunks: readonly Uint8Array[];
  readonly length: number;
}

/** A message as chunks of bytes that belong together; the same message always gives the same bytes. */
export function encodeMessage(schema: MessageSchema, message: object): Encoded {
  const output = new Output();
  for (const field of schema.fields) {
    const value = (message as Values)[field.name];
    if (value === undefined) continue;
    const values = field.repeated ? (value as readonly unknown[]) : [value];
    if (field.packed) {
      if (values.length > 0) output.bytes(field.number, packedBytes(field.kind as FieldKind, values));
    } else {
      for (const each of values) writeField(output, field, each);
    }
  }
  return output.finish();
}

function writeField(output: Output, field: Field, value: unknown): void {
  const { number, kind } = field;
  if (typeof kind === "function") {
    output.message(number, encodeMessage(kind(), value as object));
  } else if (kind === "bytes") {
    output.bytes(number, value as Uint8Array);
  } else {
    writeScalar(output.writer.tag(number, wireTypes[kind]), kind, value);
  }
}

const wireTypes: { readonly [K in FieldKind]: WireType } = {
  int32: WireType.Varint,
  int64: WireType.Varint,
  uint64: WireType.Varint,
  size: WireType.Varint,
  float: WireType.Bit32,
  double: WireType.Bit64,
  string: WireType.LengthDelimited,
  bytes: WireType.LengthDelimited,
};

function writeScalar(writer: BinaryWriter, kind: FieldKind, value: unknown): void {
  if (kind === "int64" || kind === "size") writer.int64(value as bigint | number);
  else if (kind === "uint64") writer.uint64(value as bigint);
  else if (kind === "int32") writer.int32(value as number);
  else if (kind === "float") writer.float(value as number);
  else if (kind === "double") writer.double(value as number);
  else writer.string(value as string);
}

function packedBytes(kind: FieldKind, values: readonly unknown[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const value of values) writeScalar(writer, kind, value);
  return writer.finish();
}

/** Small things go through one buffer; large chunks are kept as they are. */
class Output {
  readonly writer = new BinaryWriter();
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  bytes(number: number, value: Uint8Array): void {
    this.message(number, { chunks: [value], length: value.length });
  }

  message(number: number, { chunks, length }: Encoded): void {
    this.writer.tag(number, WireType.LengthDelimited).uint32(length);
    for (const chunk of chunks) {
      if (chunk.length < LARGE_CHUNK) {
        this.writer.raw(chunk);
      } else {
        this.#flush();
        this.#push(chunk);
      }
    }
  }

  #flush(): void {
    const written = this.writer.finish();
    if (written.length > 0) this.#push(written);
  }

  #push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  finish(): Encoded {
    this.#flush();
    return { chunks: this.#chunks, length: this.#length };
  }
}

/** One array out of chunks. */
export function concatenate({ chunks, length }: Encoded): Uint8Array {
  const out = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

export interface DecodeLimits {
  /** Messages inside messages. Default 64. */
  readonly depth?: number;
  /** Messages in all. Default one million. */
  readonly messages?: number;
}

/**
 * A message from bytes of a stranger. Unknown fields are skipped; `bytes` fields are views, not copies. Repeated fields are always there,
 * empty if need be; the others are undefined if absent.
 * @throws FormatError for anything that is not this message: lengths past the end, wrong wire types, groups, text that is not
 * UTF-8, a message given twice where one belongs, nesting beyond the limits.
 */
export function decodeMessage<T>(op: string, schema: MessageSchema, bytes: Uint8Array, limits: DecodeLimits = {}): T {
  const { depth = 64, messages = 1_000_000 } = limits;
  return new Decoder(op, bytes, messages).message(schema, 0, bytes.length, depth) as T;
}

class Decoder {
  readonly #op: string;
  readonly #bytes: Uint8Array;
  readonly #reader: BinaryReader;
  #messagesLeft: number;

  constructor(op: string, bytes: Uint8Array, messages: number) {
    this.#op = op;
    this.#bytes = bytes;
    this.#reader = new BinaryReader(bytes);
    this.#messagesLeft = messages;
  }

  message(schema: MessageSchema, start: number, end: number, depth: number): Values {
    if (depth === 0) this.#fail("messages are nested too deeply", schema.name);
    if (this.#messagesLeft-- === 0) this.#fail("too many messages", schema.name);
    const reader = this.#reader;
    const out: Values = {};
    for (const field of schema.fields) if (field.repeated) out[field.name] = [];
    reader.pos = start;
    while (reader.pos < end) {
      const [number, wireType] = this.#guarded(schema.name, () => reader.tag());
      const field = schema.fields.find((f) => f.number === number);
      const place = field === undefined ? `field ${number} of ${schema.name}` : `${schema.name}.${field.name}`;
      if (field === undefined) this.#skip(wireType, end, place);
      else this.#field(out, field, wireType, end, depth, place);
      if (reader.pos > end) this.#fail("the field reaches past the end of its message", place);
    }
    return out;
  }

  #field(out: Values, field: Field, wireType: WireType, end: number, depth: number, place: string): void {
    const reader = this.#reader;
    const { kind, name, repeated } = field;
    const list = out[name] as unknown[];
    if (typeof kind === "function") {
      if (!repeated && out[name] !== undefined) this.#fail("the message is given twice", place);
      const [from, to] = this.#span(wireType, end, place);
      const value = this.message(kind(), from, to, depth - 1);
      reader.pos = to;
      if (repeated) list.push(value);
      else out[name] = value;
    } else if (kind === "string" || kind === "bytes") {
      const [from, to] = this.#span(wireType, end, place);
      const bytes = this.#bytes.subarray(from, to);
      reader.pos = to;
      const value = kind === "bytes" ? bytes : this.#text(bytes, place);
      if (repeated) list.push(value);
      else out[name] = value;
    } else if (repeated && wireType === WireType.LengthDelimited) {
      const [from, to] = this.#span(wireType, end, place);
      reader.pos = from;
      while (reader.pos < to) list.push(this.#scalar(kind, to, place));
    } else {
      if (wireType !== wireTypes[kind]) this.#fail(`wire type ${wireType} does not fit`, place);
      const value = this.#scalar(kind, end, place);
      if (repeated) list.push(value);
      else out[name] = value;
    }
  }

  #scalar(kind: FieldKind, end: number, place: string): unknown {
    const reader = this.#reader;
    const value = this.#guarded(place, () => {
      if (kind === "float") return reader.float();
      if (kind === "double") return reader.double();
      return BigInt(kind === "uint64" ? reader.uint64() : reader.int64());
    });
    if (reader.pos > end) this.#fail("the value reaches past the end of its message", place);
    if (typeof value === "number" || kind === "int64" || kind === "uint64") return value;
    const number = Number(value);
    if (!Number.isSafeInteger(number)) this.#fail("the number is too large", place);
    if (kind === "int32" && (number | 0) !== number) this.#fail("the number does not fit 32 bits", place);
    return number;
  }

  /** Start and end of a length-delimited field. Lengths are compared as 64-bit numbers: cut to 32 bits they could wrap around. */
  #span(wireType: WireType, end: number, place: string): readonly [number, number] {
    if (wireType !== WireType.LengthDelimited) this.#fail(`wire type ${wireType} does not fit`, place);
    const length = this.#guarded(place, () => BigInt(this.#reader.uint64()));
    const from = this.#reader.pos;
    if (length > BigInt(Math.max(0, end - from))) this.#fail("the length reaches past the end", place);
    return [from, from + Number(length)];
  }

  #skip(wireType: WireType, end: number, place: string): void {
    if (wireType === WireType.Varint) this.#guarded(place, () => this.#reader.uint64());
    else if (wireType === WireType.Bit32) this.#reader.pos += 4;
    else if (wireType === WireType.Bit64) this.#reader.pos += 8;
    else this.#reader.pos = this.#span(wireType, end, place)[1];
  }

  #text(bytes: Uint8Array, place: string): string {
    return this.#guarded(place, () => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  }

  #guarded<R>(place: string, read: () => R): R {
    try {
      return read();
    } catch (cause) {
      throw this.#error(cause instanceof Error ? cause.message : "unreadable", place, cause);
    }
  }

  #fail(rule: string, place: string): never {
    throw this.#error(rule, place);
  }

  #error(rule: string, place: string, cause?: unknown): FormatError {
    return new FormatError({
      op: this.#op,
      rule: `not a valid protobuf message: ${rule}`,
      received: `${place} at byte ${this.#reader.pos}`,
      cause,
    });
  }
}
