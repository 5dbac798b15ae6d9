import { FileError } from "@tenon/numerics";
import { type Checksum, verifyChecksum } from "./checksum.ts";
import { type DownloadProgress, download } from "./download.ts";
import { fileError } from "./file-error.ts";

/** How a published data set is opened. */
export interface OpenOptions {
  /** The folder with the data; downloads go into it. */
  readonly root: string;
  /** Training part or test part. Default true. */
  readonly train?: boolean;
  /** Downloads what is missing. Default false: nothing is fetched that was not asked for. */
  readonly download?: boolean;
  /** Takes archives whose sum is not the published one. Default false. */
  readonly ignoreChecksum?: boolean;
  /** Folders on the network to look in before the usual ones, for example "https://example.org/cifar/". */
  readonly mirrors?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Most bytes that an archive may unpack to. Default 1 GiB. */
  readonly maxBytes?: number;
}

/** A file as it is published. */
export interface PublishedFile {
  readonly name: string;
  readonly checksum: Checksum;
  readonly mirrors: readonly string[];
}

async function isFile(path: string): Promise<boolean> {
  const { stat } = await import("node:fs/promises");
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** The first of the paths that is a file. */
export async function firstFile(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await isFile(path)) return path;
  return undefined;
}

/**
 * The path of a published file, verified: found at one of `places` (relative to the root), or downloaded to the first of them.
 * @throws FileError with the remedy if it is missing, ChecksumError if it is another file.
 */
export async function obtain(
  op: string,
  file: PublishedFile,
  places: readonly string[],
  options: OpenOptions,
): Promise<string> {
  const { join } = await import("node:path");
  const paths = places.map((place) => join(options.root, place));
  const found = await firstFile(paths);
  if (found !== undefined) {
    if (!options.ignoreChecksum) await verifyChecksum(op, found, file.checksum);
    return found;
  }
  if (!options.download) {
    throw new FileError({
      op,
      rule: "the data is not there",
      received: `none of ${paths.join(", ")}`,
      hint: `Put ${file.name} there, or pass download: true`,
    });
  }
  const urls = [...(options.mirrors ?? []), ...file.mirrors].map(
    (mirror) => `${mirror.replace(/\/?$/, "/")}${file.name}`,
  );
  const { signal, onProgress } = options;
  await download(urls, paths[0]!, {
    ...(options.ignoreChecksum ? {} : { checksum: file.checksum }),
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return paths[0]!;
}

/** A whole file. @throws FileError if it cannot be read. */
export async function readBytes(op: string, path: string): Promise<Uint8Array> {
  const { readFile } = await import("node:fs/promises");
  return readFile(path).catch((cause) => {
    throw fileError(op, "cannot read the file", path, cause);
  });
}
