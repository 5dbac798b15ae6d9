import { FormatError } from "@tenon/numerics";
import { ByteStream } from "./byte-stream.ts";
import type { ReadLimits } from "./gunzip.ts";
import { type Fail, parseHeader, parsePax, text } from "./tar-header.ts";

/** A file in an archive. */
export interface TarEntry {
  /** Relative, with "/" between folders, no "." or "..". */
  readonly name: string;
  readonly data: Uint8Array;
}

const BLOCK = 512;
/** Long names and pax records are metadata; nothing honest needs more. */
const MAX_META = 1 << 20;
const DEFAULT_MAX_BYTES = 2 ** 32;

/**
 * The files of a tar archive (ustar, GNU long names, pax), in order. Written here because archives are untrusted and the common libraries
 * take what they can: this reader refuses links, devices, names that leave the folder or are used twice, wrong checksums, and anything cut off.
 * @param source the archive, whole or piece by piece
 * @param options.maxBytes what all files together may hold; default 4 GiB
 * @throws FormatError naming offset and entry.
 * Source: POSIX.1-2017, pax, "ustar Interchange Format".
 */
export async function* readTar(
  source: Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { maxBytes = DEFAULT_MAX_BYTES, name: archive = "bytes" }: ReadLimits = {},
): AsyncGenerator<TarEntry> {
  const stream = new ByteStream(source instanceof Uint8Array ? [source] : source);
  const fail: Fail = (rule, at, entry) =>
    new FormatError({
      op: "readTar",
      rule,
      received: `${entry === undefined ? "" : `entry ${JSON.stringify(entry)}, `}byte ${at} of ${archive}`,
    });
  try {
    yield* entries(stream, maxBytes, fail);
  } finally {
    await stream.close();
  }
}

async function* entries(stream: ByteStream, maxBytes: number, fail: Fail): AsyncGenerator<TarEntry> {
  const seen = new Names(fail);
  let left = maxBytes;
  let meta: { path?: string; size?: number } = {};
  for (;;) {
    const at = stream.offset;
    const block = await stream.take(BLOCK);
    // Some writers leave out the two zero blocks at the end; a file that stops between entries has lost nothing.
    if (block.length === 0 && at > 0 && meta.path === undefined) return;
    if (block.length < BLOCK) throw fail("cut off inside a header", at + block.length);
    if (block.every((byte) => byte === 0)) return;
    const header = parseHeader(block, at, fail);
    const size = meta.size ?? header.size;
    const isMeta = "xgL".includes(header.type);
    const name = isMeta ? header.name : (meta.path ?? header.name);
    if (size > (isMeta ? MAX_META : left)) {
      throw fail(isMeta ? "a name or record of this size" : `holds more than maxBytes (${maxBytes})`, at, name);
    }
    if (!isMeta) seen.check(name, header.type, at);
    const data = await body(stream, size, name, fail);
    if (header.type === "L") meta = { ...meta, path: text(data) };
    else if (header.type === "x") meta = { ...meta, ...parsePax(data, at + BLOCK, fail) };
    else if (header.type === "g") parsePax(data, at + BLOCK, fail);
    else {
      meta = {};
      left -= size;
      if (header.type === "0") yield { name, data };
    }
  }
}

async function body(stream: ByteStream, size: number, name: string, fail: Fail): Promise<Uint8Array> {
  const at = stream.offset;
  const data = await stream.take(size);
  const padding = -size & (BLOCK - 1);
  if (data.length < size) {
    throw fail(`${size} bytes announced, the archive ends after ${data.length}`, at + data.length, name);
  }
  const rest = await stream.take(padding);
  if (rest.length < padding) throw fail("cut off after the data", stream.offset, name);
  return data;
}

/** The names so far: what each is, so that no later entry replaces or hides an earlier one. */
class Names {
  readonly #kinds = new Map<string, "file" | "folder">();
  readonly #fail: Fail;

  constructor(fail: Fail) {
    this.#fail = fail;
  }

  check(name: string, type: string, at: number): void {
    if (type !== "0" && type !== "5") {
      throw this.#fail(
        `${kinds[type] ?? `entry of type ${JSON.stringify(type)}`}: only files and folders are read`,
        at,
        name,
      );
    }
    const parts = (type === "5" ? name.replace(/\/$/, "") : name).split("/").filter((part) => part !== ".");
    const bad =
      parts.length === 0 ||
      name.includes("\\") ||
      name.includes("\0") ||
      /^[A-Za-z]:/.test(name) ||
      parts.some((part) => part === "" || part === "..");
    if (bad && !(type === "5" && /^\.?\/?$/.test(name) && name !== "" && name !== "/")) {
      throw this.#fail("the name is empty or leaves the folder", at, name);
    }
    for (let depth = 1; depth < parts.length; depth++) {
      const parent = parts.slice(0, depth).join("/");
      if (this.#kinds.get(parent) === "file") throw this.#fail("a file is used as a folder", at, name);
      this.#kinds.set(parent, "folder");
    }
    const path = parts.join("/");
    const before = this.#kinds.get(path);
    if (before === "file" || (before === "folder" && type === "0"))
      throw this.#fail("the name appears twice", at, name);
    this.#kinds.set(path, type === "0" ? "file" : "folder");
  }
}

const kinds: Readonly<Record<string, string>> = {
  "1": "a hard link",
  "2": "a symbolic link",
  "3": "a character device",
  "4": "a block device",
  "6": "a FIFO",
  K: "a long link name",
};
