import { ArgumentError, type Generator, ShapeError } from "@tenon/numerics";
import { type Spec, toSpec } from "../spec.ts";
import type { Transform } from "../transforms/transform.ts";
import type { Image } from "../value.ts";
import { checkIndex } from "./check-index.ts";
import { Dataset } from "./dataset.ts";

/** What is done to the two parts of a sample. */
export interface SampleTransforms<X = Image> {
  /** Applied to the image. Default: none. */
  readonly transform?: Transform<Image, X> | undefined;
  /** Applied to the class index. Default: none. */
  readonly targetTransform?: Transform<number, number> | undefined;
}

/** The sample of an image and its label. */
export function transformSample<X>(
  image: Image,
  label: number,
  { transform, targetTransform }: SampleTransforms<X>,
  random: Generator | undefined,
): readonly [X, number] {
  return [
    transform === undefined ? (image as X) : transform.apply(image, random),
    targetTransform === undefined ? label : targetTransform.apply(label, random),
  ];
}

/** The same in the form that travels to workers. */
export function specOfTransforms<X>({ transform, targetTransform }: SampleTransforms<X>, op: string): object {
  return { transform: toSpec(transform, op), targetTransform: toSpec(targetTransform, op) };
}

export interface ImageDatasetOptions<X = Image> extends SampleTransforms<X> {
  /** All images one after the other, each `height * width * channels` bytes with the channels of a pixel side by side. */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** A class index for every image. */
  readonly labels: ArrayLike<number>;
  readonly classes: readonly string[];
}

/**
 * Images of one size with class indices, all in memory: samples are `[image, label]`. What lies in shared memory is seen by loader workers
 * without a copy (`sharedBytes`); other arrays are copied to each.
 */
export class ImageDataset<X = Image> extends Dataset<readonly [X, number]> {
  readonly length: number;
  readonly classes: readonly string[];
  readonly #options: ImageDatasetOptions<X>;

  constructor(options: ImageDatasetOptions<X>) {
    super();
    const { pixels, width, height, channels, labels, classes } = options;
    if (pixels.length !== labels.length * width * height * channels) {
      throw new ShapeError({
        op: "ImageDataset",
        rule: "number of bytes and of labels do not fit",
        received: `${pixels.length} bytes, ${labels.length} labels, images of ${width}x${height}x${channels}`,
      });
    }
    for (let i = 0; i < labels.length; i++) {
      if (!(labels[i]! >= 0 && labels[i]! < classes.length)) {
        throw new ArgumentError({
          op: "ImageDataset",
          rule: `label ${i} is no class`,
          received: String(labels[i]),
          expected: `0 to ${classes.length - 1}`,
        });
      }
    }
    this.length = labels.length;
    this.classes = classes;
    this.#options = options;
  }

  /** Image `index` without transforms: a view, to be left unchanged. */
  image(index: number): Image {
    checkIndex("ImageDataset.image", index, this.length);
    const { pixels, width, height, channels } = this.#options;
    const size = width * height * channels;
    return { data: pixels.subarray(index * size, (index + 1) * size), width, height, channels };
  }

  get(index: number, random?: Generator): readonly [X, number] {
    checkIndex("ImageDataset.get", index, this.length);
    return transformSample(this.image(index), this.#options.labels[index]!, this.#options, random);
  }

  spec(): Spec {
    const options = this.#options;
    return { name: "ImageDataset", args: [{ ...options, ...specOfTransforms(options, "ImageDataset") }] };
  }
}

/** Zeroed bytes that worker threads see without a copy, where the platform has shared memory. */
export function sharedBytes(length: number): Uint8Array {
  return new Uint8Array(
    typeof SharedArrayBuffer === "undefined" ? new ArrayBuffer(length) : new SharedArrayBuffer(length),
  );
}
