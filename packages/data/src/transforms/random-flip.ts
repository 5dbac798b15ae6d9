import { defaultGenerator, type Generator } from "@tenon/numerics";
import type { Spec } from "../spec.ts";
import { type Picture, pictureSize } from "../value.ts";
import {
  flipHorizontally,
  flipVertically,
  type GeometricTransform,
  type Placement,
  place,
  wholePicture,
} from "./placement.ts";
import { checkPicture, checkProbability } from "./transform.ts";

abstract class RandomFlip implements GeometricTransform {
  readonly p: number;
  readonly fill = undefined;

  /** @param p probability of a flip, default 0.5 */
  constructor(p = 0.5) {
    this.p = checkProbability(new.target.name, p);
  }

  protected abstract flip(placement: Placement): Placement;

  place(placement: Placement, random: Generator = defaultGenerator()): Placement {
    return random.uniform() < this.p ? this.flip(placement) : placement;
  }

  apply<P extends Picture>(value: P, random?: Generator): P {
    checkPicture(this.constructor.name, value);
    const before = wholePicture(pictureSize(value));
    const after = this.place(before, random);
    return after === before ? value : place(value, after, 0);
  }

  abstract spec(): Spec;
}

/** Mirrors left and right with probability `p`. Source: torchvision.transforms.RandomHorizontalFlip. */
export class RandomHorizontalFlip extends RandomFlip {
  protected flip(placement: Placement): Placement {
    return flipHorizontally(placement);
  }

  spec(): Spec {
    return { name: "RandomHorizontalFlip", args: [this.p] };
  }
}

/** Mirrors top and bottom with probability `p`. Source: torchvision.transforms.RandomVerticalFlip. */
export class RandomVerticalFlip extends RandomFlip {
  protected flip(placement: Placement): Placement {
    return flipVertically(placement);
  }

  spec(): Spec {
    return { name: "RandomVerticalFlip", args: [this.p] };
  }
}
