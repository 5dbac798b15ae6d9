import { ArgumentError, DTypeError, ShapeError } from "@tenon/numerics";
import type { Spec } from "../spec.ts";
import { type DenseArray, describeValue, isDenseArray, pictureSize } from "../value.ts";
import type { Transform } from "./transform.ts";

/**
 * Shifts and scales each channel: `y = (x - mean[c]) / std[c]`, in the array's own precision, rounded after each step as PyTorch does.
 * Shapes: `[C, H, W]` → the same; one mean and one std serve all channels.
 * Throws for a std of 0 and for images, which must go through `ToTensor` first.
 * Source: torchvision.transforms.Normalize.
 */
export class Normalize implements Transform<DenseArray, DenseArray> {
  readonly mean: readonly number[];
  readonly std: readonly number[];

  constructor(mean: readonly number[], std: readonly number[]) {
    const valid = mean.length > 0 && mean.length === std.length && [...mean, ...std].every(Number.isFinite);
    if (!valid || std.includes(0)) {
      throw new ArgumentError({
        op: "Normalize",
        rule: std.includes(0) ? "division by a std of 0" : "mean and std must be finite and of one length",
        received: `mean [${mean.join(", ")}], std [${std.join(", ")}]`,
      });
    }
    this.mean = [...mean];
    this.std = [...std];
  }

  /** The float32 result for one value; lets a chain of transforms look results up in a table. */
  pointwise(value: number, channel: number): number {
    const i = this.mean.length === 1 ? 0 : channel;
    return Math.fround(Math.fround(value - Math.fround(this.mean[i]!)) / Math.fround(this.std[i]!));
  }

  /** @throws ShapeError if there are neither one nor `channels` means. */
  checkChannels(channels: number): void {
    if (this.mean.length === 1 || this.mean.length === channels) return;
    throw new ShapeError({
      op: "Normalize",
      rule: "number of channels and of means differ",
      received: `${channels} channels, ${this.mean.length} means`,
    });
  }

  apply(value: DenseArray): DenseArray {
    if (!isDenseArray(value) || !(value.data instanceof Float32Array || value.data instanceof Float64Array)) {
      throw new DTypeError({
        op: "Normalize",
        rule: "takes floating arrays",
        received: describeValue(value),
        hint: "Put ToTensor before it",
      });
    }
    const { channels, height, width } = pictureSize(value);
    this.checkChannels(channels);
    const plane = height * width;
    const out = value.data.slice();
    const single = out instanceof Float32Array;
    const round = single ? Math.fround : (x: number) => x;
    for (let c = 0; c < channels; c++) {
      const mean = round(this.mean[c % this.mean.length]!);
      const std = round(this.std[c % this.std.length]!);
      for (let i = c * plane; i < (c + 1) * plane; i++) out[i] = round(out[i]! - mean) / std;
    }
    return { ...value, data: out };
  }

  spec(): Spec {
    return { name: "Normalize", args: [this.mean, this.std] };
  }
}
