import { ChecksumError, FileError } from "@tenon/numerics";
import { type Checksum, verifyChecksum } from "./checksum.ts";
import { fileError } from "./file-error.ts";

/** How far a download is. */
export interface DownloadProgress {
  readonly url: string;
  /** Bytes so far, with those of an earlier try that is continued. */
  readonly received: number;
  /** Bytes in all, if the server says so. */
  readonly total: number | undefined;
}

export interface DownloadOptions {
  /** Compared at the end; a mirror with another file is passed over. Default: not checked. */
  readonly checksum?: Checksum;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Stops the download; what has come stays for a later continuation. */
  readonly signal?: AbortSignal;
}

/**
 * Downloads a file from the first of `urls` that has it. Data goes to `path.part`, is flushed, verified and renamed, so that `path` is
 * either absent or whole; a `.part` left by an interrupted try is continued where the server allows it.
 * @throws FileError naming every URL and why it failed; ChecksumError if the last failure was a wrong sum.
 */
export async function download(urls: readonly string[], path: string, options: DownloadOptions = {}): Promise<void> {
  const { mkdir, rename, rm } = await import("node:fs/promises");
  const { dirname } = await import("node:path");
  const part = `${path}.part`;
  await mkdir(dirname(path), { recursive: true }).catch((cause) => {
    throw fileError("download", "cannot make the folder", dirname(path), cause);
  });
  const failures: string[] = [];
  let last: unknown;
  for (const url of urls) {
    // A part from elsewhere may not fit: if the sum is wrong after a continuation, once more from the start.
    for (const again of [true, false]) {
      try {
        const continued = await fetchInto(url, part, options);
        if (options.checksum !== undefined) {
          try {
            await verifyChecksum("download", part, options.checksum);
          } catch (error) {
            await rm(part, { force: true });
            if (continued && again) continue;
            throw error;
          }
        }
        await rename(part, path).catch((cause) => {
          throw fileError("download", "cannot write the file", path, cause);
        });
        return;
      } catch (error) {
        options.signal?.throwIfAborted();
        if (error instanceof FileError && error.op === "download") throw error;
        last = error;
        failures.push(`${url}: ${reasonOf(error)}`);
        break;
      }
    }
  }
  if (last instanceof ChecksumError) throw last;
  throw new FileError({
    op: "download",
    rule: "no mirror has the file",
    received: failures.join("; ") || "no URL",
    hint: `Check the network, pass other mirrors, or put the file at ${path} by hand`,
    cause: last,
  });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch says only "fetch failed" and keeps the reason inside.
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

/** Appends what is missing of a URL to a file and flushes it; tells whether it continued something. */
async function fetchInto(url: string, part: string, { signal, onProgress }: DownloadOptions): Promise<boolean> {
  const { open, stat } = await import("node:fs/promises");
  let have = await stat(part).then(
    ({ size }) => size,
    () => 0,
  );
  let response = await request(url, have, signal);
  if (have > 0 && response.status !== 206) {
    // 200: the server sends everything; anything else: it cannot continue this, so it is asked for everything.
    have = 0;
    if (response.status !== 200) {
      await response.body?.cancel();
      response = await request(url, 0, signal);
    }
  }
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw new Error(`HTTP ${response.status} ${response.statusText}`.trim());
  }
  const length = response.headers.get("content-length");
  // A compressed transfer's length is not the file's.
  const known = length !== null && response.headers.get("content-encoding") === null;
  const total = known ? have + Number(length) : undefined;
  const continued = have > 0;
  const file = await open(part, continued ? "a" : "w").catch((cause) => {
    throw fileError("download", "cannot write the file", part, cause);
  });
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      await file.writeFile(chunk).catch((cause) => {
        throw fileError("download", "cannot write the file", part, cause);
      });
      have += chunk.length;
      onProgress?.({ url, received: have, total });
    }
    await file.sync();
  } finally {
    await file.close();
  }
  if (total !== undefined && have !== total) throw new Error(`the connection ended after ${have} of ${total} bytes`);
  return continued;
}

function request(url: string, from: number, signal: AbortSignal | undefined): Promise<Response> {
  const init: RequestInit = { headers: from > 0 ? { range: `bytes=${from}-` } : {} };
  return fetch(url, signal === undefined ? init : { ...init, signal });
}
