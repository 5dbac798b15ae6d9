import type { Spec } from "../spec.ts";
import { type DenseArray, isImage, type Picture } from "../value.ts";
import { placeThroughTable, wholePicture } from "./placement.ts";
import { checkPicture, type Transform } from "./transform.ts";

/**
 * An image as float32 numbers `[channels, height, width]` from 0 to 1: `y = x / 255`. An array of bytes is scaled too; floating arrays
 * pass unchanged. The result is a plain array; the loader makes the tensor.
 * Source: torchvision.transforms.ToTensor.
 */
export class ToTensor implements Transform<Picture, DenseArray> {
  /** The value of a byte; lets a chain of transforms look results up in a table. */
  byteValue(byte: number): number {
    return Math.fround(byte / 255);
  }

  apply(value: Picture): DenseArray {
    checkPicture("ToTensor", value);
    if (!isImage(value)) return value.data instanceof Uint8Array ? scaled(value.data, value.shape) : value;
    const table = new Float32Array(256 * value.channels);
    for (let i = 0; i < table.length; i++) table[i] = this.byteValue(i % 256);
    return placeThroughTable(value, wholePicture(value), 0, table);
  }

  spec(): Spec {
    return { name: "ToTensor", args: [] };
  }
}

function scaled(bytes: Uint8Array, shape: readonly number[]): DenseArray<Float32Array> {
  return { data: Float32Array.from(bytes, (byte) => byte / 255), shape };
}
