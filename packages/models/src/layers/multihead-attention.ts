import {
  ArgumentError,
  type DType,
  dropout,
  linear,
  matmul,
  Parameter,
  softmax,
  type Tensor,
  where,
  zeros,
} from "@tenon/numerics";
import { type InitOptions, xavierUniform_, zeros_ } from "../init.ts";
import { Module } from "../module.ts";
import { Linear } from "./linear.ts";

export interface MultiheadAttentionOptions extends InitOptions {
  /** Probability of dropping an attention weight, in training. Default 0. */
  readonly dropout?: number;
  /** Default true. */
  readonly bias?: boolean;
  /** Whether batch comes before the sequence. Default false, as in PyTorch. */
  readonly batchFirst?: boolean;
  /** Default float32. */
  readonly dtype?: DType;
}

export interface AttentionOptions {
  /** Bool `[batch, keys]`: true for keys that nobody may look at (padding). */
  readonly keyPaddingMask?: Tensor;
  /** Added to the scores (float), or true where a query may not look (bool): `[queries, keys]`. */
  readonly attnMask?: Tensor;
}

/**
 * Attention of several heads. `softmax(Q Kᵀ / √d) V` per head, heads joined and mapped by `out_proj`.
 *
 * Shapes: query `[queries, batch, embed]`, key and value `[keys, batch, embed]` (batch first with `batchFirst`) → output like query, and the
 * weights `[batch, queries, keys]` averaged over heads. Keys are PyTorch's: `in_proj_weight` `[3 embed, embed]` (Xavier uniform), `in_proj_bias` (0),
 * `out_proj.weight`, `out_proj.bias` (0).
 * Source: Vaswani et al., "Attention is all you need" (2017).
 */
export class MultiheadAttention extends Module {
  static override readonly stateKeys = {
    inProjWeight: "in_proj_weight",
    inProjBias: "in_proj_bias",
    outProj: "out_proj",
  };

  readonly embedDim: number;
  readonly numHeads: number;
  readonly dropout: number;
  readonly batchFirst: boolean;
  inProjWeight: Parameter;
  inProjBias: Parameter | null;
  outProj: Linear;

  constructor(embedDim: number, numHeads: number, options: MultiheadAttentionOptions = {}) {
    super();
    const { bias = true, batchFirst = false, dtype = "float32" } = options;
    if (!(numHeads >= 1) || embedDim % numHeads !== 0) {
      throw new ArgumentError({
        op: "MultiheadAttention",
        rule: "heads must divide the embedding",
        received: `embedDim ${embedDim}, numHeads ${numHeads}`,
      });
    }
    this.embedDim = embedDim;
    this.numHeads = numHeads;
    this.dropout = options.dropout ?? 0;
    this.batchFirst = batchFirst;
    this.inProjWeight = new Parameter(zeros([3 * embedDim, embedDim], { dtype }));
    this.inProjBias = bias ? new Parameter(zeros([3 * embedDim], { dtype })) : null;
    this.outProj = new Linear(embedDim, embedDim, { ...options, bias, dtype });
    this.resetParameters(options);
  }

  resetParameters(options: InitOptions = {}): void {
    xavierUniform_(this.inProjWeight, options);
    if (this.inProjBias !== null) zeros_(this.inProjBias);
    this.outProj.resetParameters(options);
    if (this.outProj.bias !== null) zeros_(this.outProj.bias);
  }

  forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    options: AttentionOptions = {},
  ): [output: Tensor, weights: Tensor] {
    const [q, k, v] = [query, key, value].map((x, i) => this.#project(this.batchFirst ? x : x.transpose(0, 1), i));
    const scores = matmul(q!.mul(1 / Math.sqrt(this.embedDim / this.numHeads)), k!.transpose(2, 3)); // [B, H, T, S]
    const weights = softmax(this.#mask(scores, options), -1);
    const dropped = this.dropout > 0 ? dropout(weights, { p: this.dropout, training: this.training }) : weights;
    const heads = matmul(dropped, v!).transpose(1, 2).flatten(2); // [B, T, E]
    const output = this.outProj(heads);
    return [this.batchFirst ? output : output.transpose(0, 1), weights.mean(1)];
  }

  /** The third of the packed projection that belongs to query (0), key (1) or value (2), split into heads `[B, H, T, d]`. */
  #project(x: Tensor, part: number): Tensor {
    const n = this.embedDim;
    const projected = linear(x, this.inProjWeight.narrow(0, part * n, n), this.inProjBias?.narrow(0, part * n, n));
    const [batch, length] = x.shape as [number, number];
    return projected.reshape([batch, length, this.numHeads, n / this.numHeads]).transpose(1, 2);
  }

  #mask(scores: Tensor, { keyPaddingMask, attnMask }: AttentionOptions): Tensor {
    const hide = (mask: Tensor) => where(mask, Number.NEGATIVE_INFINITY, scores);
    if (attnMask !== undefined) scores = attnMask.dtype === "bool" ? hide(attnMask) : scores.add(attnMask);
    if (keyPaddingMask !== undefined) scores = hide(keyPaddingMask.unsqueeze(1).unsqueeze(1));
    return scores;
  }

  protected override describe(): string {
    return `${this.embedDim}, ${this.numHeads}`;
  }
}
