import { ArgumentError, dropout, type Generator, type Tensor } from "@tenon/numerics";
import { Module } from "../module.ts";

export interface DropoutOptions {
  /** Who draws. Default: the default generator (`manualSeed`). */
  readonly generator?: Generator;
}

/**
 * In training, sets elements to 0 with probability p and multiplies the others by 1 / (1 − p), so that the mean stays; in
 * evaluation, passes its input. Any shape. The draws do not depend on threads.
 * Source: Hinton et al., "Improving neural networks by preventing co-adaptation of feature detectors" (2012).
 */
export class Dropout extends Module {
  readonly p: number;
  #generator: Generator | undefined;

  /** @param p Probability of an element to be dropped. Default 0.5. */
  constructor(p = 0.5, { generator }: DropoutOptions = {}) {
    super();
    if (!(p >= 0 && p <= 1)) {
      throw new ArgumentError({ op: "Dropout", rule: "p must be a probability", received: `${p}`, expected: "0 to 1" });
    }
    this.p = p;
    this.#generator = generator;
  }

  forward(x: Tensor): Tensor {
    const options = { p: this.p, training: this.training };
    return dropout(x, this.#generator === undefined ? options : { ...options, generator: this.#generator });
  }

  protected override describe(): string {
    return `p: ${this.p}`;
  }
}
