import { type Generator, isTracing, keep, noGrad, randn, type Tensor, tidy } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { unitRows } from "../metric/unit-rows.ts";
import { checkColumns } from "./two-views.ts";

export interface MemoryBankOptions {
  /** Where the first, random embeddings come from. Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * A queue of embeddings of earlier batches: more negatives than a batch holds. It starts with random unit vectors; the newest embeddings take the place of
 * the oldest.
 *
 * @throws ArgumentError for sizes that are no whole numbers above 0.
 * @example new MemoryBank(4, 2).values.shape // [4, 2]
 */
export class MemoryBank {
  /** `[size, dim]`. Save and restore it with the model. */
  readonly values: Tensor;
  /** The row that the next embedding takes. */
  next = 0;

  constructor(size: number, dim: number, options: MemoryBankOptions = {}) {
    for (const [name, value] of Object.entries({ size, dim })) {
      checkOption("MemoryBank", name, value, "a whole number above 0", Number.isInteger(value) && value > 0);
    }
    this.values = keep(tidy(() => unitRows(randn([size, dim], options))));
  }

  /** What the queue holds now, as a constant that later embeddings do not change. */
  snapshot(): Tensor {
    return this.values.detach().clone();
  }

  /**
   * Puts embeddings `[N, D]` in, each as a unit vector; of more than the queue holds, the last ones. Nothing happens in a trace.
   * @throws ShapeError unless they have the queue's dimensions.
   */
  enqueue(embeddings: Tensor): void {
    const [size, dim] = this.values.shape as [number, number];
    checkColumns("MemoryBank.enqueue", "embeddings", embeddings, dim, "the queue");
    if (isTracing()) return;
    const count = Math.min(size, embeddings.shape[0]!);
    noGrad(() =>
      tidy(() => {
        const rows = unitRows(embeddings.detach().to("float64")).narrow(0, embeddings.shape[0]! - count, count);
        const first = Math.min(count, size - this.next);
        if (first > 0) this.values.narrow(0, this.next, first).copy_(rows.narrow(0, 0, first));
        if (count > first) this.values.narrow(0, 0, count - first).copy_(rows.narrow(0, first, count - first));
      }),
    );
    this.next = (this.next + count) % size;
  }
}
