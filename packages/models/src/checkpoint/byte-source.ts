import { ArgumentError, FileError, FormatError, TenonError } from "@tenon/numerics";

/** Makes the error of a broken file: what is wrong, and where (offset, key, entry). */
export type Fail = (rule: string, place: string) => FormatError;

/**
 * Bytes that can be read in ranges: a file, or an array in memory. Readers of checkpoints take only the ranges they have
 * checked, so that a file of many gigabytes costs what is asked of it, and a header that lies costs nothing.
 */
export interface ByteSource {
  /** What messages call it: a path, or "bytes". */
  readonly name: string;
  readonly size: number;
  /** `length` bytes from `offset`; the caller has checked both against `size`. */
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
  readonly fail: Fail;
}

/** What every reader takes: the path of a file, or its bytes. */
export type PathOrBytes = string | URL | Uint8Array | ArrayBuffer;

/** Ranges of an array; what `read` returns is a view, not a copy. */
export function sourceOfBytes(op: string, bytes: Uint8Array, name = "bytes"): ByteSource {
  return {
    name,
    size: bytes.byteLength,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
    close: async () => {},
    fail: failIn(op, name),
  };
}

/** @throws FileError if the file is missing, is not a regular file, or cannot be read. */
export async function openFile(op: string, path: string | URL): Promise<ByteSource> {
  const { open } = await import("node:fs/promises");
  const name = String(path);
  const fail = failIn(op, name);
  const file = await open(path, "r").catch((cause) => {
    throw fileError(op, "cannot open the file", name, cause);
  });
  // Devices and pipes have no size and may never end.
  const stat = await file.stat();
  if (!stat.isFile()) {
    await file.close();
    throw new FileError({ op, rule: "not a regular file", received: name });
  }
  return {
    name,
    size: stat.size,
    async read(offset, length) {
      const out = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        // One read takes at most 2 GiB.
        const { bytesRead } = await file.read(out, done, Math.min(length - done, 2 ** 30), offset + done);
        if (bytesRead === 0) throw fail("the file became shorter while it was read", `byte ${offset + done}`);
        done += bytesRead;
      }
      return out;
    },
    close: () => file.close(),
    fail,
  };
}

/** Opens a path or wraps bytes, runs `body`, and closes again whatever happens. */
export async function withSource<R>(
  op: string,
  from: PathOrBytes,
  body: (source: ByteSource) => Promise<R>,
): Promise<R> {
  const source = await openSource(op, from);
  try {
    return await body(source);
  } finally {
    await source.close();
  }
}

async function openSource(op: string, from: PathOrBytes): Promise<ByteSource> {
  if (typeof from === "string" || from instanceof URL) return openFile(op, from);
  if (from instanceof Uint8Array) return sourceOfBytes(op, from);
  if (from instanceof ArrayBuffer) return sourceOfBytes(op, new Uint8Array(from));
  throw new ArgumentError({
    op,
    rule: "neither a path nor bytes",
    received: typeof from,
    expected: "a path, a URL of a file or a Uint8Array",
  });
}

function failIn(op: string, name: string): Fail {
  return (rule, place) => new FormatError({ op, rule, received: `${place} in ${name}` });
}

/** A failed system call as an error that says which path; errors that are ours already stay as they are. */
export function fileError(op: string, rule: string, path: string, cause: unknown): TenonError {
  if (cause instanceof TenonError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new FileError({ op, rule, received: `${path} (${reason})`, cause });
}

/** Text from bytes; what is not UTF-8 is an error, and a byte order mark is kept as the character it is. */
export function decodeUtf8(bytes: Uint8Array, fail: Fail, place: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw fail("text is not UTF-8", place);
  }
}
