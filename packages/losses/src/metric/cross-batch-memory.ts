import {
  asIndexTensor,
  asTensor,
  Callable,
  type DType,
  formatShape,
  type HasParameters,
  keep,
  noGrad,
  ShapeError,
  type Tensor,
  type TensorArg,
  zeros,
} from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import type { TupleOptions } from "./define-pair-loss.ts";
import type { Miner } from "./miners/define-miner.ts";
import { indexTensor, type PairIndices, type TripletIndices } from "./pair-indices.ts";

/** A loss that takes references: a pair loss as a function, or one that keeps its options. */
export type ReferencedLoss = (embeddings: TensorArg, labels: TensorArg, tuples?: TupleOptions) => Tensor;

export interface CrossBatchMemoryOptions {
  /** The length of embeddings. */
  readonly embeddingSize: number;
  /** How many embeddings are remembered; the oldest make room. Default 1024. */
  readonly memorySize?: number;
  /** Chooses pairs or triplets of the batch and the memory. Default: all that the labels make. */
  readonly miner?: Miner<PairIndices | TripletIndices>;
  /** Of what is remembered. Default float32. */
  readonly dtype?: DType;
}

/**
 * Cross-batch memory: compares a batch with the embeddings of the last batches too, which change slowly. Works with any loss of pairs and any miner.
 *
 * Each call puts the batch into the memory (as constants, in place of the oldest), and gives the loss of the batch against the memory; an embedding is not compared with its
 * own copy. Fields `embeddings` `[memorySize, D]`, `labels` `[memorySize]` and `cursor` `[2]` (what is filled, where the next goes) are the state to save.
 * Source: Wang et al., "Cross-Batch Memory for Embedding Learning" (2019), arXiv 1912.06798. The paper adds the loss of the batch by itself.
 * @throws ArgumentError for sizes that are no whole numbers above 0; ShapeError for a batch larger than the memory or of another embedding size.
 * @example
 * const memory = new CrossBatchMemory(new ContrastiveLoss(), { embeddingSize: 2 });
 * memory([[1, 0], [0, 1]], [0, 1]).item() // 0
 */
export class CrossBatchMemory extends Callable implements HasParameters {
  readonly loss: ReferencedLoss;
  readonly miner: Miner<PairIndices | TripletIndices> | undefined;
  readonly embeddings: Tensor;
  readonly labels: Tensor;
  readonly cursor: Tensor;

  constructor(loss: ReferencedLoss, options: CrossBatchMemoryOptions) {
    super();
    const { embeddingSize, memorySize = 1024, miner, dtype = "float32" } = options;
    for (const [name, size] of Object.entries({ embeddingSize, memorySize })) {
      checkOption("CrossBatchMemory", name, String(size), "a whole number above 0", Number.isInteger(size) && size > 0);
    }
    this.loss = loss;
    this.miner = miner;
    this.embeddings = keep(zeros([memorySize, embeddingSize], { dtype }));
    this.labels = keep(zeros([memorySize], { dtype: "int64" }));
    this.cursor = keep(zeros([2], { dtype: "int64" }));
  }

  /** The parameters of the loss, where it has some. */
  *namedParameters(): Iterable<readonly [string, Tensor]> {
    const inner = this.loss as Partial<HasParameters>;
    if (inner.namedParameters === undefined) return;
    for (const [name, parameter] of inner.namedParameters()) yield [`loss.${name}`, parameter];
  }

  override forward(embeddings: TensorArg, labels: TensorArg): Tensor {
    const x = asTensor(embeddings);
    const y = asIndexTensor(labels).to("int64");
    this.checkBatch(x, y);
    const places = this.remember(x, y);
    const filled = this.cursor.select(0, 0).item() as number;
    const references = {
      // Copies: the memory is written to again before the loss's gradient may have been taken.
      referenceEmbeddings: this.embeddings.narrow(0, 0, filled).clone(),
      referenceLabels: this.labels.narrow(0, 0, filled).clone(),
      ownReference: indexTensor(places),
    };
    const indices = this.miner?.(x, y, references);
    return this.loss(x, y, { ...references, ...(indices !== undefined && { indices }) });
  }

  /** Forgets everything. */
  reset(): void {
    noGrad(() => {
      for (const buffer of [this.embeddings, this.labels, this.cursor]) buffer.zero_();
    });
  }

  /** Writes a batch over the oldest and gives the places it went to. */
  private remember(x: Tensor, y: Tensor): number[] {
    const capacity = this.labels.size;
    const [filled, next] = this.cursor.toArray() as [number, number];
    const n = y.size;
    const places = Array.from({ length: n }, (_, i) => (next + i) % capacity);
    noGrad(() => {
      const untilEnd = Math.min(n, capacity - next);
      for (const [from, to, count] of [[0, next, untilEnd] as const, [untilEnd, 0, n - untilEnd] as const]) {
        if (count === 0) continue;
        this.embeddings.narrow(0, to, count).copy_(x.detach().narrow(0, from, count));
        this.labels.narrow(0, to, count).copy_(y.narrow(0, from, count));
      }
      this.cursor.copy_(indexTensor([Math.min(filled + n, capacity), (next + n) % capacity]));
    });
    return places;
  }

  private checkBatch(x: Tensor, y: Tensor): void {
    const [capacity, size] = this.embeddings.shape as [number, number];
    const fits =
      x.ndim === 2 && x.shape[1] === size && x.shape[0]! <= capacity && y.ndim === 1 && y.size === x.shape[0];
    if (fits) return;
    throw new ShapeError({
      op: "CrossBatchMemory",
      rule: "the batch does not fit the memory",
      received: `embeddings ${formatShape(x.shape)}, labels ${formatShape(y.shape)}`,
      expected: `embeddings [N, ${size}] and labels [N], N at most ${capacity}`,
    });
  }
}
