import { FormatError } from "@tenon/numerics";
import type { Checksum } from "../files/checksum.ts";
import { firstFile, type OpenOptions, obtain, type PublishedFile, readBytes } from "../files/dataset-file.ts";
import { gunzip } from "../files/gunzip.ts";
import { readIdx } from "../files/idx.ts";
import type { DenseArray, Image } from "../value.ts";
import { ImageDataset, type SampleTransforms, sharedBytes } from "./image-dataset.ts";

/** What differs between the two sets. */
interface Layout {
  readonly op: string;
  readonly folder: string;
  readonly mirrors: readonly string[];
  /** Training images and labels, test images and labels. */
  readonly checksums: readonly [Checksum, Checksum, Checksum, Checksum];
  readonly classes: readonly string[];
}

const NAMES = [
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
];

const mnist: Layout = {
  op: "MNIST.open",
  folder: "MNIST",
  mirrors: ["https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/"],
  checksums: [
    "md5:f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "md5:d53e105ee54ea40749a09fcbcd1e9432",
    "md5:9fb629c4189551a2d022fa330f9573f3",
    "md5:ec29112dd5afa0611ce80d1b7f02629c",
  ],
  classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
};

const fashion: Layout = {
  op: "FashionMNIST.open",
  folder: "FashionMNIST",
  mirrors: ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"],
  checksums: [
    "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "md5:25c81989df183df01b3e8a0aad5dffbe",
    "md5:bef4ecab320f06d8554ea6380940ec79",
    "md5:bb300cfdad3c16e7a12a480ee83cd310",
  ],
  classes: ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
};

export interface MnistOptions<X = Image> extends OpenOptions, SampleTransforms<X> {}

/**
 * MNIST: 60,000 training and 10,000 test images of handwritten digits, 28x28 pixels, grey; samples are `[image, label]`.
 * Reads the official IDX files, plain or gzipped, in `root/MNIST/raw`, `root/raw` or `root`; the sums of gzipped ones are verified.
 * Source: LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document recognition" (1998).
 */
export class MNIST<X = Image> extends ImageDataset<X> {
  static async open<X = Image>(options: MnistOptions<X>): Promise<MNIST<X>> {
    const { transform, targetTransform } = options;
    return new MNIST({ ...(await read(mnist, options)), transform, targetTransform });
  }
}

/**
 * Fashion-MNIST: 60,000 training and 10,000 test images of clothes, 28x28 pixels, grey, 10 classes; samples are `[image, label]`.
 * Files as for MNIST, in `root/FashionMNIST/raw`, `root/raw` or `root`.
 * Source: Xiao, Rasul, Vollgraf, "Fashion-MNIST" (2017).
 */
export class FashionMNIST<X = Image> extends ImageDataset<X> {
  static async open<X = Image>(options: MnistOptions<X>): Promise<FashionMNIST<X>> {
    const { transform, targetTransform } = options;
    return new FashionMNIST({ ...(await read(fashion, options)), transform, targetTransform });
  }
}

async function read(layout: Layout, options: OpenOptions) {
  const { op, classes } = layout;
  const first = (options.train ?? true) ? 0 : 2;
  const images = await readFile(layout, first, 3, options);
  const labels = await readFile(layout, first + 1, 1, options);
  const [count, height, width] = images.shape as [number, number, number];
  if (labels.shape[0] !== count) {
    throw new FormatError({
      op,
      rule: "number of images and of labels differ",
      received: `${count} images, ${labels.shape[0]} labels in ${options.root}`,
    });
  }
  const wrong = labels.data.findIndex((label) => label >= classes.length);
  if (wrong >= 0) {
    throw new FormatError({ op, rule: `label ${labels.data[wrong]} is no class`, received: `label ${wrong}` });
  }
  const pixels = sharedBytes(images.data.length);
  pixels.set(images.data);
  return { pixels, labels: labels.data, width, height, channels: 1, classes };
}

async function readFile(
  { op, folder, mirrors, checksums }: Layout,
  which: number,
  rank: number,
  options: OpenOptions,
): Promise<DenseArray<Uint8Array>> {
  const { join } = await import("node:path");
  const name = NAMES[which]!;
  const folders = [`${folder}/raw`, "raw", "."];
  let path = await firstFile(folders.map((place) => join(options.root, place, name)));
  let bytes: Uint8Array;
  const limit = options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes };
  if (path !== undefined) bytes = await readBytes(op, path);
  else {
    const file: PublishedFile = { name: `${name}.gz`, checksum: checksums[which]!, mirrors };
    const places = folders.map((place) => `${place}/${file.name}`);
    path = await obtain(op, file, places, options);
    bytes = await gunzip(await readBytes(op, path), { name: path, ...limit });
  }
  const array = readIdx(bytes, { name: path, ...limit });
  if (!(array.data instanceof Uint8Array) || array.shape.length !== rank) {
    throw new FormatError({
      op,
      rule: `not ${rank === 3 ? "images" : "labels"}`,
      received: `${array.data.constructor.name} [${array.shape.join(", ")}] in ${path}`,
      expected: `bytes with ${rank} dimension${rank === 1 ? "" : "s"}`,
    });
  }
  return array as DenseArray<Uint8Array>;
}
