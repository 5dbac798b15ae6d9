import { type DType, embedding, noGrad, Parameter, type Tensor, type TensorArg, zeros } from "@tenon/numerics";
import { type InitOptions, normal_ } from "../init.ts";
import { Module } from "../module.ts";

export interface EmbeddingOptions extends InitOptions {
  /** An index whose vector starts at 0 and is not trained. Negative ones count from the end. */
  readonly paddingIdx?: number;
  /** Default float32. */
  readonly dtype?: DType;
}

/**
 * A table of learned vectors, one per index. `y = weight[x]`
 * Shapes: x `[*]` of whole numbers below numEmbeddings → `[*, embeddingDim]`; weight `[numEmbeddings, embeddingDim]`, standard normal at
 * the start.
 */
export class Embedding extends Module {
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly paddingIdx: number | undefined;
  weight: Parameter;

  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingOptions = {}) {
    super();
    const { paddingIdx, dtype = "float32" } = options;
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = paddingIdx !== undefined && paddingIdx < 0 ? paddingIdx + numEmbeddings : paddingIdx;
    this.weight = new Parameter(zeros([numEmbeddings, embeddingDim], { dtype }));
    this.resetParameters(options);
  }

  resetParameters(options: InitOptions = {}): void {
    normal_(this.weight, 0, 1, options);
    if (this.paddingIdx !== undefined) noGrad(() => this.weight.select(0, this.paddingIdx!).zero_());
  }

  forward(x: TensorArg): Tensor {
    const options = this.paddingIdx === undefined ? {} : { paddingIdx: this.paddingIdx };
    return embedding(x, this.weight, options);
  }

  protected override describe(): string {
    const padding = this.paddingIdx === undefined ? "" : `, paddingIdx: ${this.paddingIdx}`;
    return `${this.numEmbeddings}, ${this.embeddingDim}${padding}`;
  }
}
