import { type ByteSource, decodeUtf8 } from "./byte-source.ts";
import { crc32 } from "./crc32.ts";

/**
 * A zip archive for reading, by its central directory. Written here because the archives are untrusted and the common
 * libraries take what they can: this one refuses whatever two readers could see differently (entries that overlap or
 * repeat, a local header that contradicts the directory, gaps before the directory, a wrong CRC). Inflating is the platform's.
 * Source: APPNOTE.TXT 6.3.10; ZIP64, stored and deflated entries.
 */
export interface ZipArchive {
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /** The plain bytes of an entry, checked against its size and CRC-32. */
  read(entry: ZipEntry): Promise<Uint8Array>;
}

export interface ZipEntry {
  readonly name: string;
  /** Plain bytes. */
  readonly size: number;
  readonly compressedSize: number;
  readonly method: number;
  readonly crc: number;
  /** Where the local header begins. */
  readonly offset: number;
}

const STORED = 0;
const DEFLATED = 8;
/** Deflate cannot shrink further than this, so a larger claim is a lie and needs no memory to find out. */
const MAX_DEFLATE_RATIO = 1032;

export function looksLikeZip(start: Uint8Array): boolean {
  const signature = start.length < 4 ? 0 : viewOf(start).getUint32(0, true);
  return signature === 0x04034b50 || signature === 0x06054b50;
}

const DEFAULT_MAX_BYTES = 4 * 2 ** 30;

/**
 * @param options.maxBytes What deflated entries may inflate to, all that are read together. Default 4 GiB.
 * @throws FormatError for whatever is not a well-formed archive.
 */
export async function openZip(source: ByteSource, options: { readonly maxBytes?: number } = {}): Promise<ZipArchive> {
  const directory = await findDirectory(source);
  const bytes = await source.read(directory.offset, directory.size);
  const entries = parseDirectory(source, bytes, directory);
  refuseOverlaps(source, [...entries.values()], directory.offset);
  let left = options.maxBytes ?? DEFAULT_MAX_BYTES;
  return {
    entries,
    async read(entry) {
      if (entry.method === DEFLATED) left -= entry.size;
      if (left < 0)
        throw source.fail("zip: inflates to more than maxBytes allows", `entry ${JSON.stringify(entry.name)}`);
      return readEntry(source, entry, directory.offset);
    },
  };
}

interface Directory {
  readonly offset: number;
  readonly size: number;
  readonly count: number;
}

/** The end record is the last thing in the file, except for a comment that must reach exactly to the end. */
async function findDirectory(source: ByteSource): Promise<Directory> {
  const length = Math.min(source.size, 22 + 0xffff + 20);
  const start = source.size - length;
  const tail = await source.read(start, length);
  const view = viewOf(tail);
  for (let at = length - 22; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x06054b50 || at + 22 + view.getUint16(at + 20, true) !== length) continue;
    const end: Directory & { disks: number } = {
      disks: view.getUint16(at + 4, true) | view.getUint16(at + 6, true),
      count: view.getUint16(at + 10, true),
      size: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true),
    };
    if (view.getUint16(at + 8, true) !== end.count || (end.disks !== 0 && end.disks !== 0xffff)) {
      throw source.fail("zip: an archive of several disks", `byte ${start + at}`);
    }
    const has64 = at >= 20 && view.getUint32(at - 20, true) === 0x07064b50;
    return has64 ? findDirectory64(source, view, at - 20, start, end) : checkDirectory(source, end, start + at);
  }
  throw source.fail("zip: no end of central directory: cut off, or not a zip", `last ${length} bytes`);
}

async function findDirectory64(
  source: ByteSource,
  tail: DataView,
  locator: number,
  tailStart: number,
  end: Directory,
): Promise<Directory> {
  const at = safeNumber(tail.getBigUint64(locator + 8, true));
  const place = `byte ${tailStart + locator}`;
  if (at + 56 > tailStart + locator) throw source.fail("zip: ZIP64 end record lies past its locator", place);
  const record = viewOf(await source.read(at, 56));
  if (record.getUint32(0, true) !== 0x06064b50) throw source.fail("zip: no ZIP64 end record where it should be", place);
  const directory: Directory = {
    count: safeNumber(record.getBigUint64(32, true)),
    size: safeNumber(record.getBigUint64(40, true)),
    offset: safeNumber(record.getBigUint64(48, true)),
  };
  // The short record says the same, or all ones where it has no room.
  const agrees = (small: number, big: number, full: number) => small === big || small === full;
  if (
    !agrees(end.count, directory.count, 0xffff) ||
    !agrees(end.size, directory.size, 0xffffffff) ||
    !agrees(end.offset, directory.offset, 0xffffffff)
  ) {
    throw source.fail("zip: the two end records contradict each other", place);
  }
  return checkDirectory(source, directory, at);
}

function checkDirectory(source: ByteSource, directory: Directory, end: number): Directory {
  const { offset, size, count } = directory;
  if (offset + size !== end) {
    throw source.fail(
      "zip: the central directory does not end where its end record begins",
      `byte ${offset}, ${size} bytes`,
    );
  }
  if (count * 46 > size)
    throw source.fail(`zip: the central directory has no room for ${count} entries`, `byte ${offset}`);
  return directory;
}

function parseDirectory(source: ByteSource, bytes: Uint8Array, directory: Directory): Map<string, ZipEntry> {
  const view = viewOf(bytes);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let i = 0; i < directory.count; i++) {
    const place = `byte ${directory.offset + at}`;
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) {
      throw source.fail(`zip: directory entry ${i} is missing`, place);
    }
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > bytes.length) throw source.fail(`zip: directory entry ${i} is cut off`, place);
    const name = decodeUtf8(bytes.subarray(at + 46, at + 46 + nameLength), source.fail, `name of zip entry ${i}`);
    const extra = new DataView(view.buffer, view.byteOffset + at + 46 + nameLength, extraLength);
    const entry = parseEntry(source, view, at, name, extra);
    if (entries.has(name)) throw source.fail("zip: an entry appears twice", JSON.stringify(name));
    entries.set(name, entry);
    at = next;
  }
  if (at !== bytes.length)
    throw source.fail("zip: bytes after the last directory entry", `byte ${directory.offset + at}`);
  return entries;
}

function parseEntry(source: ByteSource, view: DataView, at: number, name: string, extra: DataView): ZipEntry {
  const place = `zip entry ${JSON.stringify(name)}`;
  const flags = view.getUint16(at + 8, true);
  if ((flags & 0x2041) !== 0) throw source.fail("zip: encrypted", place);
  const wide = parseZip64Extra(source, extra, place);
  // Order in the extra field is fixed; each is there only if its short field is all ones.
  const widen = (short: number): number => (short === 0xffffffff ? (wide.shift() ?? Number.NaN) : short);
  const size = widen(view.getUint32(at + 24, true));
  const compressedSize = widen(view.getUint32(at + 20, true));
  const offset = widen(view.getUint32(at + 42, true));
  if (Number.isNaN(size + compressedSize + offset)) throw source.fail("zip: ZIP64 sizes are missing", place);
  const method = view.getUint16(at + 10, true);
  if (method !== STORED && method !== DEFLATED) throw source.fail(`zip: unknown compression method ${method}`, place);
  if (method === STORED && size !== compressedSize) {
    throw source.fail(`zip: stored entry of ${compressedSize} bytes says it is ${size} bytes`, place);
  }
  if (size > compressedSize * MAX_DEFLATE_RATIO) {
    throw source.fail(`zip: ${compressedSize} bytes cannot inflate to ${size}`, place);
  }
  return { name, size, compressedSize, method, crc: view.getUint32(at + 16, true), offset };
}

/** The 64-bit values of extra field 1, in order. */
function parseZip64Extra(source: ByteSource, extra: DataView, place: string): number[] {
  const values: number[] = [];
  let at = 0;
  while (at + 4 <= extra.byteLength) {
    const id = extra.getUint16(at, true);
    const length = extra.getUint16(at + 2, true);
    if (at + 4 + length > extra.byteLength) throw source.fail("zip: extra field is cut off", place);
    if (id === 1) {
      for (let k = 0; k + 8 <= length; k += 8) values.push(safeNumber(extra.getBigUint64(at + 4 + k, true)));
      return values;
    }
    at += 4 + length;
  }
  return values;
}

function refuseOverlaps(source: ByteSource, entries: ZipEntry[], directoryOffset: number): void {
  entries.sort((a, b) => a.offset - b.offset);
  entries.forEach((entry, i) => {
    const end = entry.offset + 30 + entry.compressedSize;
    const limit = entries[i + 1]?.offset ?? directoryOffset;
    if (end > limit)
      throw source.fail("zip: an entry reaches into what follows", `entry ${JSON.stringify(entry.name)}`);
  });
}

async function readEntry(source: ByteSource, entry: ZipEntry, directoryOffset: number): Promise<Uint8Array> {
  const place = `zip entry ${JSON.stringify(entry.name)}`;
  const header = viewOf(await source.read(entry.offset, 30));
  if (header.getUint32(0, true) !== 0x04034b50) throw source.fail("zip: no local header", place);
  const nameLength = header.getUint16(26, true);
  const start = entry.offset + 30 + nameLength + header.getUint16(28, true);
  if (start + entry.compressedSize > directoryOffset) throw source.fail("zip: data reaches past the directory", place);
  const name = await source.read(entry.offset + 30, nameLength);
  if (decodeUtf8(name, source.fail, place) !== entry.name || header.getUint16(8, true) !== entry.method) {
    throw source.fail("zip: local header and directory contradict each other", place);
  }
  const packed = await source.read(start, entry.compressedSize);
  const plain = entry.method === STORED ? packed : await inflate(packed, entry.size);
  if (plain === undefined) throw source.fail(`zip: data does not inflate to ${entry.size} bytes`, place);
  if (crc32(plain) !== entry.crc) throw source.fail("zip: wrong CRC-32: the data is damaged", place);
  return plain;
}

/** Exactly `size` bytes, or undefined: the stream is broken, or ends earlier or later. */
async function inflate(packed: Uint8Array, size: number): Promise<Uint8Array | undefined> {
  const stream = new DecompressionStream("deflate-raw" as "deflate");
  const writer = stream.writable.getWriter();
  // A failure shows at the reader as well; here it is only kept from being "unhandled".
  writer
    .write(packed)
    .then(() => writer.close())
    .catch(() => {});
  const reader = stream.readable.getReader();
  const plain = new Uint8Array(size);
  let filled = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return filled === size ? plain : undefined;
      if (filled + value.length > size) {
        await reader.cancel();
        return undefined;
      }
      plain.set(value, filled);
      filled += value.length;
    }
  } catch {
    return undefined;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Numbers above 2^53 are past the end of any file; infinity makes every check on them fail. */
function safeNumber(value: bigint): number {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : Number.POSITIVE_INFINITY;
}
