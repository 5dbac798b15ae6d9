import type { Spec } from "../spec.ts";
import { type Picture, pictureSize } from "../value.ts";
import { crop, type GeometricTransform, type Placement, place, wholePicture } from "./placement.ts";
import { bothSides, checkPicture, type Size } from "./transform.ts";

/**
 * The middle of a picture; where the picture is smaller, zeros around it. An odd rest is split as torchvision does it.
 * Source: torchvision.transforms.CenterCrop.
 */
export class CenterCrop implements GeometricTransform {
  readonly size: readonly [height: number, width: number];
  readonly fill = 0;

  /** @param size `[height, width]`, or one number for a square */
  constructor(size: Size) {
    this.size = bothSides("CenterCrop", size);
  }

  place(placement: Placement): Placement {
    const [height, width] = this.size;
    return crop(placement, offset(placement.width, width), offset(placement.height, height), width, height);
  }

  apply<P extends Picture>(value: P): P {
    checkPicture("CenterCrop", value);
    return place(value, this.place(wholePicture(pictureSize(value))), this.fill);
  }

  spec(): Spec {
    return { name: "CenterCrop", args: [this.size] };
  }
}

/** Padding is floored on the near side; what is cut off is rounded half to even, as Python's `round` does. */
function offset(have: number, want: number): number {
  if (have <= want) return -Math.floor((want - have) / 2);
  const half = (have - want) / 2;
  return Number.isInteger(half) ? half : 2 * Math.round(half / 2);
}
