import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import {
  ChecksumError,
  FileError,
  FormatError,
  Generator,
  IndexOutOfRangeError,
  ShapeError,
  tensor,
} from "@tenon/numerics";
import { afterAll, describe, expect, it } from "vitest";
import { makeTar } from "../../fixtures/make-tar.ts";
import { ToTensor } from "../transforms/to-tensor.ts";
import { CIFAR10, CIFAR100 } from "./cifar.ts";
import { ConcatDataset } from "./concat-dataset.ts";
import { ImageDataset } from "./image-dataset.ts";
import { byCodePoint, ImageFolder } from "./image-folder.ts";
import { FashionMNIST, MNIST } from "./mnist.ts";
import { randomSplit } from "./random-split.ts";
import { Subset } from "./subset.ts";
import { TensorDataset } from "./tensor-dataset.ts";

const base = mkdtempSync(join(tmpdir(), "tenon-data-"));
afterAll(() => rmSync(base, { recursive: true }));

let count = 0;
function folder(files: Readonly<Record<string, Uint8Array | string>> = {}): string {
  const root = join(base, String(count++));
  mkdirSync(root);
  for (const [name, data] of Object.entries(files)) {
    mkdirSync(join(root, name, ".."), { recursive: true });
    writeFileSync(join(root, name), data);
  }
  return root;
}

/** Records of label bytes and three planes; the value of a byte tells where it came from. */
function cifarFile(labels: readonly (readonly number[])[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(
      labels.map((label, i) =>
        Uint8Array.of(...label, ...Array.from({ length: 3072 }, (_, k) => (k >> 10) * 50 + (k & 31) + i)),
      ),
    ),
  );
}

const names = Array.from({ length: 10 }, (_, i) => `class${i}\n`).join("");
const cifar10: Record<string, Uint8Array | string> = {
  "batches.meta.txt": `${names}\n`,
  "test_batch.bin": cifarFile([[4], [2]]),
};
for (let k = 1; k <= 5; k++) cifar10[`data_batch_${k}.bin`] = cifarFile([[k], [0]]);
const inside = (prefix: string, files: Record<string, Uint8Array | string>) =>
  Object.fromEntries(Object.entries(files).map(([name, data]) => [`${prefix}/${name}`, data]));
const archive = gzipSync(
  makeTar(Object.entries(inside("cifar-10-batches-bin", cifar10)).map(([name, data]) => [name, Buffer.from(data)])),
);

describe("CIFAR10", () => {
  it.each([
    ["the unpacked folder", () => folder(inside("cifar-10-batches-bin", cifar10))],
    ["the folder itself", () => folder(cifar10)],
    ["the archive", () => folder({ "cifar-10-binary.tar.gz": archive })],
  ])("reads %s", async (_, make) => {
    const root = make();
    const train = await CIFAR10.open({ root, ignoreChecksum: true });
    expect(train.length).toBe(10);
    expect(train.classes).toEqual(names.trim().split("\n"));
    expect([0, 1, 2, 8].map((i) => train.get(i)[1])).toEqual([1, 0, 2, 5]);
    const image = train.get(1)[0];
    expect([image.width, image.height, image.channels]).toEqual([32, 32, 3]);
    expect([...image.data.subarray(0, 6)]).toEqual([1, 51, 101, 2, 52, 102]);
    const test = await CIFAR10.open({ root, train: false, ignoreChecksum: true, transform: new ToTensor() });
    expect(test.get(0)[0].shape).toEqual([3, 32, 32]);
    expect(test.example().shape).toEqual([1, 3, 32, 32]);
    expect(() => test.get(2)).toThrow(IndexOutOfRangeError);
  });

  it("refuses an archive with another sum, and says how to take it", async () => {
    const open = CIFAR10.open({ root: folder({ "cifar-10-binary.tar.gz": archive }) });
    await expect(open).rejects.toThrow(ChecksumError);
    await expect(open).rejects.toThrow(/md5:c32a1d4a.*ignoreChecksum: true/);
  });

  it("says what is missing and what to do", async () => {
    const open = CIFAR10.open({ root: join(base, "nowhere") });
    await expect(open).rejects.toThrow(FileError);
    await expect(open).rejects.toThrow(/nowhere.*Put cifar-10-binary\.tar\.gz there, or pass download: true/);
  });

  it("names the place in archives and files that are cut", async () => {
    const cut = (length: number) =>
      CIFAR10.open({ root: folder({ "cifar-10-binary.tar.gz": archive.subarray(0, length) }), ignoreChecksum: true });
    await expect(cut(archive.length - 30)).rejects.toThrow(FormatError);
    await expect(cut(100)).rejects.toThrow(/byte \d+ of .*cifar-10-binary\.tar\.gz/);
    const short = { ...cifar10, "data_batch_3.bin": (cifar10["data_batch_3.bin"] as Uint8Array).subarray(0, 4000) };
    await expect(CIFAR10.open({ root: folder(short) })).rejects.toThrow(
      "Received byte 3073 of 4000 in data_batch_3.bin",
    );
    const wrong = { ...cifar10, "test_batch.bin": cifarFile([[11]]) };
    await expect(CIFAR10.open({ root: folder(wrong), train: false })).rejects.toThrow("label 11 is no class");
    await expect(
      CIFAR10.open({ root: folder({ "cifar-10-binary.tar.gz": archive }), ignoreChecksum: true, maxBytes: 9999 }),
    ).rejects.toThrow("maxBytes (9999)");
  });

  it("downloads when asked to, from a mirror, and only then", async () => {
    const server = createServer((request, response) => {
      response.end(request.url === "/cifar/cifar-10-binary.tar.gz" ? archive : undefined);
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const mirrors = [`http://127.0.0.1:${(server.address() as AddressInfo).port}/cifar`];
    const root = folder();
    await expect(CIFAR10.open({ root, mirrors })).rejects.toThrow(FileError);
    const set = await CIFAR10.open({ root, mirrors, download: true, ignoreChecksum: true });
    expect(set.length).toBe(10);
    server.close();
    server.closeAllConnections();
    expect((await CIFAR10.open({ root, ignoreChecksum: true })).length).toBe(10);
  });
});

describe("CIFAR100", () => {
  it("takes the fine label", async () => {
    const fine = Array.from({ length: 100 }, (_, i) => `fine${i}`).join("\n");
    const root = folder(
      inside("cifar-100-binary", {
        "fine_label_names.txt": fine,
        "train.bin": cifarFile([[3, 77]]),
        "test.bin": cifarFile([[1, 2]]),
      }),
    );
    const set = await CIFAR100.open({ root });
    expect([set.length, set.get(0)[1], set.classes[77]]).toEqual([1, 77, "fine77"]);
  });
});

/** Big-endian header and bytes. */
function idx(shape: readonly number[], data: readonly number[]): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint32(0, 0x0800 + shape.length);
  shape.forEach((size, i) => {
    header.setUint32(4 + 4 * i, size);
  });
  return Uint8Array.of(...new Uint8Array(header.buffer), ...data);
}

describe("MNIST and FashionMNIST", () => {
  const images = idx([2, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  const labels = idx([2], [7, 0]);

  it.each([
    ["MNIST/raw", "MNIST/raw/"],
    ["raw", "raw/"],
    ["the folder itself", ""],
  ])("read plain and gzipped files in %s", async (_, prefix) => {
    const root = folder({
      [`${prefix}train-images-idx3-ubyte`]: images,
      [`${prefix}train-labels-idx1-ubyte.gz`]: gzipSync(labels),
    });
    const set = await MNIST.open({ root, ignoreChecksum: true });
    expect([set.length, set.get(0)[1], set.get(1)[1]]).toEqual([2, 7, 0]);
    expect(set.get(1)[0]).toEqual({ data: Uint8Array.of(7, 8, 9, 10, 11, 12), width: 3, height: 2, channels: 1 });
    await expect(MNIST.open({ root })).rejects.toThrow(ChecksumError);
  });

  it("refuse parts that do not fit", async () => {
    const open = (files: Record<string, Uint8Array>) => FashionMNIST.open({ root: folder(files), train: false });
    const [a, b] = ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];
    await expect(open({ [a!]: images, [b!]: idx([1], [0]) })).rejects.toThrow("2 images, 1 labels");
    await expect(open({ [a!]: labels, [b!]: labels })).rejects.toThrow("not images. Received Uint8Array [2]");
    await expect(open({ [a!]: images, [b!]: idx([2], [0, 10]) })).rejects.toThrow("label 10 is no class");
    await expect(open({ [a!]: images })).rejects.toThrow(/t10k-labels-idx1-ubyte\.gz there, or pass download: true/);
  });
});

describe("ImageFolder", () => {
  const fixture = (name: string) => new URL(`../../fixtures/${name}`, import.meta.url);

  it("finds classes and images sorted by code point, and decodes to RGB", async () => {
    const root = folder({ "b/note.txt": "no image", "b/sub/.keep": "", "Z/.keep": "" });
    copyFileSync(fixture("grey.png"), join(root, "b", "2.png"));
    copyFileSync(fixture("rgb.png"), join(root, "b", "sub", "1.PNG"));
    copyFileSync(fixture("baseline-420.jpg"), join(root, "Z", "x.jpeg"));
    symlinkSync(join(root, "b"), join(root, "b", "sub", "loop"));
    const set = await ImageFolder.open({ root });
    expect(set.classes).toEqual(["Z", "b"]);
    expect(set.files.map((file) => file.slice(root.length + 1))).toEqual(["Z/x.jpeg", "b/2.png", "b/sub/1.PNG"]);
    expect([0, 1, 2].map((i) => set.get(i)[1])).toEqual([0, 1, 1]);
    expect(set.get(1)[0]).toMatchObject({ width: 23, height: 19, channels: 3 });
  });

  it("says what a folder lacks", async () => {
    await expect(ImageFolder.open({ root: join(base, "nowhere") })).rejects.toThrow(FileError);
    await expect(ImageFolder.open({ root: folder() })).rejects.toThrow("no class folders");
    const root = folder({ "empty/readme": "" });
    await expect(ImageFolder.open({ root })).rejects.toThrow(/a class has no images.*empty/);
    expect((await ImageFolder.open({ root, allowEmpty: true })).length).toBe(0);
  });

  it("sorts as Python does", () => {
    expect(["\u{1f600}", "\uff5e", "b", "B", "a10", "a2", "a"].sort(byCodePoint)).toEqual([
      "B",
      "a",
      "a10",
      "a2",
      "b",
      "\uff5e",
      "\u{1f600}",
    ]);
  });
});

describe("data sets in memory", () => {
  it("TensorDataset gives rows and keeps element types", () => {
    const set = new TensorDataset(
      tensor([
        [1, 2],
        [3, 4],
      ]),
      tensor([5n, 6n]),
      [true, false],
    );
    const [x, y, z] = set.get(1);
    expect(x).toMatchObject({ data: Float32Array.of(3, 4), shape: [2], dtype: "float32" });
    expect([y.data[0], y.shape, z.dtype]).toEqual([6n, [], "bool"]);
    expect(set.example().toArray()).toEqual([[1, 2]]);
    expect(() => new TensorDataset(tensor([1, 2]), tensor([1]))).toThrow(ShapeError);
  });

  it("ImageDataset refuses what does not fit", () => {
    const make = (labels: number[]) =>
      new ImageDataset({ pixels: new Uint8Array(12), labels, width: 2, height: 2, channels: 3, classes: ["a"] });
    expect(() => make([0, 0])).toThrow("12 bytes, 2 labels, images of 2x2x3");
    expect(() => make([1])).toThrow("label 0 is no class. Received 1");
  });

  it("Subset, ConcatDataset and randomSplit choose samples", () => {
    const numbers = { length: 11, get: (i: number) => i };
    const both = new ConcatDataset([new Subset(numbers, [5, 1]), numbers]);
    expect(Array.from({ length: both.length }, (_, i) => both.get(i))).toEqual([
      5, 1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
    expect(() => new Subset(numbers, [11])).toThrow("Received 11. Expected a whole number from 0 to 10");
    const parts = randomSplit(numbers, [0.5, 0.3, 0.2], { generator: new Generator(1) });
    expect(parts.map(({ length }) => length)).toEqual([6, 3, 2]);
    const all = parts.flatMap((part) => Array.from({ length: part.length }, (_, i) => part.get(i) as number));
    expect(all.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(randomSplit(numbers, [4, 7]).map(({ length }) => length)).toEqual([4, 7]);
    expect(() => randomSplit(numbers, [4, 6])).toThrow("neither sum to");
  });
});
