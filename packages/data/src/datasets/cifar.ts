import { FormatError } from "@tenon/numerics";
import { firstFile, type OpenOptions, obtain, type PublishedFile, readBytes } from "../files/dataset-file.ts";
import { gunzipChunks } from "../files/gunzip.ts";
import { readTar } from "../files/tar.ts";
import type { Image } from "../value.ts";
import { ImageDataset, type SampleTransforms, sharedBytes } from "./image-dataset.ts";

const SIDE = 32;
const PLANE = SIDE * SIDE;
const PIXELS = 3 * PLANE;

/** What differs between the two sets. */
interface Layout {
  readonly op: string;
  readonly archive: PublishedFile;
  readonly folder: string;
  readonly train: readonly string[];
  readonly test: readonly string[];
  /** Files with the names of the classes; the last one counts. */
  readonly names: string;
  /** Bytes before the pixels of a record, and which of them is the label. */
  readonly labelBytes: number;
  readonly label: number;
  readonly classes: number;
}

const TORONTO = "https://www.cs.toronto.edu/~kriz/";

const cifar10: Layout = {
  op: "CIFAR10.open",
  archive: {
    name: "cifar-10-binary.tar.gz",
    checksum: "md5:c32a1d4ab5d03f1284b67883e8d87530",
    mirrors: [TORONTO],
  },
  folder: "cifar-10-batches-bin",
  train: [1, 2, 3, 4, 5].map((k) => `data_batch_${k}.bin`),
  test: ["test_batch.bin"],
  names: "batches.meta.txt",
  labelBytes: 1,
  label: 0,
  classes: 10,
};

const cifar100: Layout = {
  op: "CIFAR100.open",
  archive: {
    name: "cifar-100-binary.tar.gz",
    checksum: "md5:03b5dce01913d631647c71ecec9e9cb8",
    mirrors: [TORONTO],
  },
  folder: "cifar-100-binary",
  train: ["train.bin"],
  test: ["test.bin"],
  names: "fine_label_names.txt",
  labelBytes: 2,
  label: 1,
  classes: 100,
};

export interface CifarOptions<X = Image> extends OpenOptions, SampleTransforms<X> {}

/**
 * CIFAR-10: 50,000 training and 10,000 test images of 32x32 pixels in 10 classes; samples are `[image, label]`.
 * Reads the official binary files in `root/cifar-10-batches-bin` (or in `root` itself), else the archive `root/cifar-10-binary.tar.gz`, whose
 * sum is verified.
 * Source: Krizhevsky, "Learning multiple layers of features from tiny images" (2009).
 */
export class CIFAR10<X = Image> extends ImageDataset<X> {
  static async open<X = Image>(options: CifarOptions<X>): Promise<CIFAR10<X>> {
    return new CIFAR10({ ...(await read(cifar10, options)), ...transformsOf(options) });
  }
}

/**
 * CIFAR-100: as CIFAR-10, with 100 classes (the "fine" labels); folder `cifar-100-binary`, archive `cifar-100-binary.tar.gz`.
 * Source: Krizhevsky, "Learning multiple layers of features from tiny images" (2009).
 */
export class CIFAR100<X = Image> extends ImageDataset<X> {
  static async open<X = Image>(options: CifarOptions<X>): Promise<CIFAR100<X>> {
    return new CIFAR100({ ...(await read(cifar100, options)), ...transformsOf(options) });
  }
}

function transformsOf<X>({ transform, targetTransform }: SampleTransforms<X>): SampleTransforms<X> {
  return { transform, targetTransform };
}

type Found = { readonly name: string; readonly data: Uint8Array };

async function read(layout: Layout, options: OpenOptions) {
  const { op } = layout;
  const wanted = (options.train ?? true) ? layout.train : layout.test;
  const parts = new Map<string, Records>();
  let classes: string[] | undefined;
  for await (const { name, data } of files(layout, wanted, options)) {
    if (name === layout.names) classes = new TextDecoder().decode(data).trim().split(/\s+/);
    else parts.set(name, parseRecords(layout, name, data));
  }
  const missing = wanted.find((name) => !parts.has(name));
  if (missing !== undefined || classes?.length !== layout.classes) {
    throw new FormatError({
      op,
      rule: missing === undefined ? `no list of ${layout.classes} classes` : "a file is missing",
      received: `${options.root} without a good ${missing ?? layout.names}`,
      hint: `Unpack ${layout.archive.name} again`,
    });
  }
  const ordered = wanted.map((name) => parts.get(name)!);
  const count = ordered.reduce((sum, { labels }) => sum + labels.length, 0);
  const pixels = sharedBytes(count * PIXELS);
  const labels = sharedBytes(count);
  let at = 0;
  for (const part of ordered) {
    pixels.set(part.pixels, at * PIXELS);
    labels.set(part.labels, at);
    at += part.labels.length;
  }
  return { pixels, labels, width: SIDE, height: SIDE, channels: 3, classes };
}

/** The wanted files and the list of classes, from the unpacked folder or else from the archive. */
async function* files(layout: Layout, wanted: readonly string[], options: OpenOptions): AsyncGenerator<Found> {
  const { op, archive, folder, names } = layout;
  const { dirname, join } = await import("node:path");
  const first = await firstFile([join(options.root, folder, wanted[0]!), join(options.root, wanted[0]!)]);
  if (first !== undefined) {
    for (const name of [names, ...wanted]) yield { name, data: await readBytes(op, join(dirname(first), name)) };
    return;
  }
  const path = await obtain(op, archive, [archive.name], options);
  const limits = { name: path, ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }) };
  const chunks = gunzipChunks(await readBytes(op, path), limits);
  for await (const { name, data } of readTar(chunks, limits)) {
    const short = name.slice(name.lastIndexOf("/") + 1);
    if (short === names || wanted.includes(short)) yield { name: short, data };
  }
}

interface Records {
  readonly labels: Uint8Array;
  readonly pixels: Uint8Array;
}

/** Records of label bytes and three planes, as labels and images with the channels side by side. */
function parseRecords({ op, labelBytes, label, classes }: Layout, name: string, data: Uint8Array): Records {
  const size = labelBytes + PIXELS;
  const count = Math.floor(data.length / size);
  if (count * size !== data.length || count === 0) {
    throw new FormatError({
      op,
      rule: "cut off: the length is not a multiple of the record's",
      received: `byte ${count * size} of ${data.length} in ${name}`,
      expected: `records of ${size} bytes`,
    });
  }
  const labels = new Uint8Array(count);
  const pixels = new Uint8Array(count * PIXELS);
  for (let i = 0; i < count; i++) {
    const value = data[i * size + label]!;
    if (value >= classes) {
      throw new FormatError({
        op,
        rule: `label ${value} is no class`,
        received: `byte ${i * size + label} of ${name}`,
        expected: `0 to ${classes - 1}`,
      });
    }
    labels[i] = value;
    interleave(data, i * size + labelBytes, pixels, i * PIXELS);
  }
  return { labels, pixels };
}

function interleave(planes: Uint8Array, from: number, pixels: Uint8Array, to: number): void {
  for (let i = 0; i < PLANE; i++) {
    pixels[to + 3 * i] = planes[from + i]!;
    pixels[to + 3 * i + 1] = planes[from + PLANE + i]!;
    pixels[to + 3 * i + 2] = planes[from + 2 * PLANE + i]!;
  }
}
