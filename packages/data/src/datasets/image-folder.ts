import { FileError, FormatError, type Generator } from "@tenon/numerics";
import { fileError } from "../files/file-error.ts";
import { fileSystem } from "../files/node.ts";
import { decodeImage } from "../images/decode-image.ts";
import { toRgb } from "../images/to-rgb.ts";
import type { Spec } from "../spec.ts";
import type { Image } from "../value.ts";
import { checkIndex } from "./check-index.ts";
import { Dataset } from "./dataset.ts";
import { type SampleTransforms, specOfTransforms, transformSample } from "./image-dataset.ts";

export interface ImageFolderOptions<X = Image> extends SampleTransforms<X> {
  /** The folder with one sub-folder per class. */
  readonly root: string;
  /** Takes classes without images. Default false. */
  readonly allowEmpty?: boolean;
  /** Most bytes of pixels that one image may have. Default 256 MiB. */
  readonly maxBytes?: number;
}

/** What an open folder consists of: what workers get. */
export interface ImageFolderContent<X = Image> extends SampleTransforms<X> {
  readonly files: readonly string[];
  readonly labels: ArrayLike<number>;
  readonly classes: readonly string[];
  readonly maxBytes?: number | undefined;
}

const EXTENSIONS = [".jpg", ".jpeg", ".png"];
const DEFAULT_MAX_BYTES = 2 ** 28;

/**
 * JPEG and PNG files in one folder per class, `root/CLASS/.../NAME.jpg`; samples are `[RGB image, label]`, decoded when they are asked for.
 * Classes are the sub-folders' names and files are sorted, both by code point as Python sorts them, so that indices are those of torchvision.
 * Other files are passed over.
 * Source: torchvision.datasets.ImageFolder.
 */
export class ImageFolder<X = Image> extends Dataset<readonly [X, number]> {
  readonly length: number;
  readonly classes: readonly string[];
  /** Paths of the images, in the order of the samples. */
  readonly files: readonly string[];
  readonly #content: ImageFolderContent<X>;

  /** Use `ImageFolder.open`, which finds the files. */
  constructor(content: ImageFolderContent<X>) {
    super();
    this.#content = content;
    this.files = content.files;
    this.length = content.files.length;
    this.classes = content.classes;
  }

  /** @throws FileError if the folder is missing; FormatError if it has no classes, or a class without images. */
  static async open<X = Image>(options: ImageFolderOptions<X>): Promise<ImageFolder<X>> {
    const { root, allowEmpty = false, transform, targetTransform, maxBytes } = options;
    const { join } = await import("node:path");
    const classes = (await list(root)).folders;
    const hint = "Expected one sub-folder per class, with .jpg, .jpeg or .png files inside";
    if (classes.length === 0) {
      throw new FormatError({ op: "ImageFolder.open", rule: "no class folders", received: root, hint });
    }
    const files: string[] = [];
    const labels: number[] = [];
    for (const [label, name] of classes.entries()) {
      const found = await imagesIn(join(root, name));
      if (found.length === 0 && !allowEmpty) {
        throw new FormatError({
          op: "ImageFolder.open",
          rule: "a class has no images",
          received: join(root, name),
          hint,
        });
      }
      for (const file of found) {
        files.push(file);
        labels.push(label);
      }
    }
    return new ImageFolder({ files, labels, classes, transform, targetTransform, maxBytes });
  }

  /** Image `index` without transforms. */
  image(index: number): Image {
    checkIndex("ImageFolder.image", index, this.length);
    const path = this.files[index]!;
    const { maxBytes = DEFAULT_MAX_BYTES } = this.#content;
    return toRgb(decodeImage(readNow(path), { maxBytes, name: path }));
  }

  get(index: number, random?: Generator): readonly [X, number] {
    checkIndex("ImageFolder.get", index, this.length);
    return transformSample(this.image(index), this.#content.labels[index]!, this.#content, random);
  }

  spec(): Spec {
    const content = { ...this.#content, labels: Uint32Array.from(this.#content.labels) };
    return { name: "ImageFolder", args: [{ ...content, ...specOfTransforms(content, "ImageFolder") }] };
  }
}

// Decoding keeps the thread busy far longer than reading does, and workers have nothing else to do meanwhile.
function readNow(path: string): Uint8Array {
  try {
    return fileSystem("ImageFolder").readFileSync(path);
  } catch (cause) {
    throw fileError("ImageFolder", "cannot read the image", path, cause);
  }
}

/** Order of Python's `sorted`; JavaScript's own compares UTF-16 units, which differ above U+FFFF. */
export function byCodePoint(a: string, b: string): number {
  const [x, y] = [[...a], [...b]];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const difference = x[i]!.codePointAt(0)! - y[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}

async function list(folder: string): Promise<{ folders: string[]; files: string[] }> {
  const { readdir, stat } = await import("node:fs/promises");
  const { join } = await import("node:path");
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ENOENT") throw fileError("ImageFolder.open", "cannot read the folder", folder, cause);
    throw new FileError({
      op: "ImageFolder.open",
      rule: "the folder is not there",
      received: folder,
      hint: "root is the folder that holds one sub-folder per class",
      cause,
    });
  });
  const folders: string[] = [];
  const files: string[] = [];
  for (const name of names.sort(byCodePoint)) {
    // stat follows links; a dangling one is nothing.
    const kind = await stat(join(folder, name)).catch(() => undefined);
    if (kind?.isDirectory()) folders.push(name);
    else if (kind?.isFile()) files.push(name);
  }
  return { folders, files };
}

async function imagesIn(folder: string): Promise<string[]> {
  const { realpath } = await import("node:fs/promises");
  const { extname, join } = await import("node:path");
  const byFolder: { folder: string; files: string[] }[] = [];
  const visit = async (path: string, above: readonly string[]): Promise<void> => {
    // A link to a folder above would never end.
    const real = await realpath(path);
    if (above.includes(real)) return;
    const { folders, files } = await list(path);
    byFolder.push({ folder: path, files });
    for (const name of folders) await visit(join(path, name), [...above, real]);
  };
  await visit(folder, []);
  byFolder.sort((a, b) => byCodePoint(a.folder, b.folder));
  return byFolder.flatMap(({ folder: path, files }) =>
    files.filter((name) => EXTENSIONS.includes(extname(name).toLowerCase())).map((name) => join(path, name)),
  );
}
