import type { DType, TypedArray } from "@tenon/numerics";

/** An image as decoders give it: 8 bits a channel, rows from the top, the channels of a pixel side by side. */
export interface Image {
  /** `height * width * channels` bytes. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
  readonly channels: number;
}

/** Numbers with a shape, row-major: what a sample is made of where no tensor is wanted. Images are `[channels, height, width]`. */
export interface DenseArray<A extends TypedArray = TypedArray> {
  readonly data: A;
  readonly shape: readonly number[];
  /** Default: that of the typed array's class. */
  readonly dtype?: DType;
}

/** What transforms of pictures take and give. */
export type Picture = Image | DenseArray;

export function isImage(value: unknown): value is Image {
  return value !== null && typeof value === "object" && "width" in value && "channels" in value && "data" in value;
}

export function isDenseArray(value: unknown): value is DenseArray {
  return value !== null && typeof value === "object" && "shape" in value && "data" in value;
}

/** Height, width and channels of an image or of an array `[C, H, W]` or `[H, W]`. */
export interface PictureSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export function pictureSize(value: Picture): PictureSize {
  if (isImage(value)) return value;
  const [width, height, channels = 1] = value.shape.toReversed() as [number, number, number?];
  return { height, width, channels };
}

/** A short description for error messages. */
export function describeValue(value: unknown): string {
  if (isImage(value)) return `an image ${value.width} wide, ${value.height} high, ${value.channels} channels`;
  if (isDenseArray(value)) return `${value.data.constructor.name} [${value.shape.join(", ")}]`;
  if (ArrayBuffer.isView(value)) return value.constructor.name;
  return value === null ? "null" : typeof value;
}
