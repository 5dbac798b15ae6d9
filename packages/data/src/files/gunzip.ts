import { FormatError } from "@tenon/numerics";
import { zlib } from "./node.ts";

/** What archive readers take. */
export interface ReadLimits {
  /** Bytes that may come out; more is a FormatError. */
  readonly maxBytes?: number;
  /** What messages call the input. Default "bytes". */
  readonly name?: string;
}

const DEFAULT_MAX_BYTES = 2 ** 30;

/**
 * The plain bytes of a gzip file. All members are read; each must have its right CRC-32 and length, and nothing else may follow.
 * @param options.maxBytes default 1 GiB
 * @throws FormatError naming the offset, for anything damaged, cut off or above the limit.
 */
export async function gunzip(bytes: Uint8Array, options: ReadLimits = {}): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of gunzipChunks(bytes, options)) {
    chunks.push(chunk);
    length += chunk.length;
  }
  if (chunks.length === 1) return chunks[0]!;
  const out = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

/** The same, piece by piece, so that a large archive never lies unpacked in memory as a whole. */
export async function* gunzipChunks(bytes: Uint8Array, options: ReadLimits = {}): AsyncGenerator<Uint8Array> {
  const { maxBytes = DEFAULT_MAX_BYTES, name = "bytes" } = options;
  const fail: Fail = (rule, at, cause) =>
    new FormatError({ op: "gunzip", rule, received: `byte ${at} of ${name}`, cause });
  let left = maxBytes;
  let at = 0;
  do {
    const start = headerEnd(bytes, at, fail);
    const member = { crc: 0, length: 0, end: start };
    for await (const chunk of inflateMember(bytes, start, fail, member)) {
      left -= chunk.length;
      if (left < 0) throw fail(`inflates to more than maxBytes (${maxBytes})`, start);
      member.crc = zlib("gunzip").crc32(chunk, member.crc);
      member.length += chunk.length;
      yield chunk;
    }
    checkTrailer(bytes, member.end, member.crc, member.length, fail);
    at = member.end + 8;
  } while (at < bytes.length);
}

const SMALL = 1 << 16;

/** The plain bytes of one member's deflate stream; sets `member.end` to the position behind it. */
async function* inflateMember(
  bytes: Uint8Array,
  start: number,
  fail: Fail,
  member: { end: number },
): AsyncGenerator<Uint8Array> {
  const { createInflateRaw, inflateRawSync } = zlib("gunzip");
  const damaged = (cause: unknown, at: number) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return fail(`the deflate stream is damaged or cut off (${reason})`, at, cause);
  };
  // Files of thousands of tiny members exist; a stream, with its turns of the event loop, for each would take seconds.
  try {
    const whole = inflateRawSync(bytes.subarray(start), { info: true, maxOutputLength: SMALL }) as unknown as Whole;
    member.end = start + whole.engine.bytesWritten;
    yield whole.buffer;
    return;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_BUFFER_TOO_LARGE") throw damaged(cause, start);
  }
  const inflater = createInflateRaw({ chunkSize: 256 * 1024 });
  inflater.end(bytes.subarray(start));
  try {
    yield* inflater as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw damaged(cause, start + inflater.bytesWritten);
  } finally {
    member.end = start + inflater.bytesWritten;
    inflater.destroy();
  }
}

/** What zlib's synchronous functions give with `info: true`. */
interface Whole {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

type Fail = (rule: string, at: number, cause?: unknown) => FormatError;

/** Where the deflate stream of the member at `at` begins (RFC 1952, section 2.3). */
function headerEnd(bytes: Uint8Array, at: number, fail: Fail): number {
  if (bytes.length - at < 10) {
    throw fail(at === 0 ? "too short for a gzip header" : "bytes after the last member that are no member", at);
  }
  if (bytes[at] !== 0x1f || bytes[at + 1] !== 0x8b) {
    throw fail(at === 0 ? "not a gzip file: wrong magic number" : "bytes after the last member that are no member", at);
  }
  if (bytes[at + 2] !== 8) throw fail(`unknown compression method ${bytes[at + 2]}`, at + 2);
  const flags = bytes[at + 3]!;
  if ((flags & 0xe0) !== 0) throw fail("reserved flag bits are set", at + 3);
  let next = at + 10;
  const skip = (length: number, what: string) => {
    next += length;
    if (next > bytes.length) throw fail(`${what} reaches past the end`, at);
  };
  const skipText = (what: string) => {
    const zero = bytes.indexOf(0, next);
    if (zero < 0) throw fail(`${what} never ends`, next);
    next = zero + 1;
  };
  if (flags & 4) {
    skip(2, "the extra field");
    skip(bytes[next - 2]! | (bytes[next - 1]! << 8), "the extra field");
  }
  if (flags & 8) skipText("the file name");
  if (flags & 16) skipText("the comment");
  if (flags & 2) {
    const expected = zlib("gunzip").crc32(bytes.subarray(at, next)) & 0xffff;
    skip(2, "the header checksum");
    if ((bytes[next - 2]! | (bytes[next - 1]! << 8)) !== expected) throw fail("wrong header checksum", next - 2);
  }
  return next;
}

function checkTrailer(bytes: Uint8Array, at: number, crc: number, length: number, fail: Fail): void {
  if (bytes.length - at < 8) throw fail("cut off before the checksum", at);
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8);
  if (view.getUint32(0, true) !== crc >>> 0) throw fail("wrong CRC-32: the data is damaged", at);
  if (view.getUint32(4, true) !== length % 2 ** 32) throw fail("the length field is not the length", at + 4);
}
