import { type DType, gelu, relu, type Tensor } from "@tenon/numerics";
import type { InitOptions } from "../init.ts";
import { Module } from "../module.ts";
import { Dropout } from "./dropout.ts";
import { LayerNorm } from "./layer-norm.ts";
import { Linear } from "./linear.ts";
import { type AttentionOptions, MultiheadAttention } from "./multihead-attention.ts";

export interface TransformerEncoderLayerOptions extends InitOptions {
  /** Width of the two-layer network. Default 2048. */
  readonly dimFeedforward?: number;
  /** Default 0.1. */
  readonly dropout?: number;
  /** Default "relu". */
  readonly activation?: "relu" | "gelu";
  /** Default 1e-5. */
  readonly layerNormEps?: number;
  /** Whether batch comes before the sequence. Default false, as in PyTorch. */
  readonly batchFirst?: boolean;
  /** Normalises before attention and network instead of after the sums; trains more evenly. Default false, as in PyTorch. */
  readonly normFirst?: boolean;
  /** Default float32. */
  readonly dtype?: DType;
}

/**
 * Self-attention and a two-layer network, each with a residual connection and layer normalisation.
 *
 *     x = norm1(x + attention(x)),   x = norm2(x + linear2(activation(linear1(x))))
 *     with normFirst:  x = x + attention(norm1(x)),   x = x + network(norm2(x))
 *
 * Shapes: x `[sequence, batch, dModel]` (batch first with `batchFirst`) → the same.
 * Source: Vaswani et al., "Attention is all you need" (2017).
 */
export class TransformerEncoderLayer extends Module {
  static override readonly stateKeys = { selfAttn: "self_attn" };

  readonly normFirst: boolean;
  readonly activation: "relu" | "gelu";
  selfAttn: MultiheadAttention;
  linear1: Linear;
  linear2: Linear;
  norm1: LayerNorm;
  norm2: LayerNorm;
  dropout: Dropout;

  constructor(dModel: number, nhead: number, options: TransformerEncoderLayerOptions = {}) {
    super();
    const { dimFeedforward = 2048, dropout = 0.1, activation = "relu", layerNormEps = 1e-5 } = options;
    const { batchFirst = false, normFirst = false, dtype = "float32" } = options;
    const common = { ...(options.generator === undefined ? {} : { generator: options.generator }), dtype };
    this.normFirst = normFirst;
    this.activation = activation;
    this.selfAttn = new MultiheadAttention(dModel, nhead, { ...common, dropout, batchFirst });
    this.linear1 = new Linear(dModel, dimFeedforward, common);
    this.linear2 = new Linear(dimFeedforward, dModel, common);
    this.norm1 = new LayerNorm(dModel, { eps: layerNormEps, dtype });
    this.norm2 = new LayerNorm(dModel, { eps: layerNormEps, dtype });
    this.dropout = new Dropout(dropout);
  }

  forward(x: Tensor, options: AttentionOptions = {}): Tensor {
    if (this.normFirst) {
      x = x.add(this.#attend(this.norm1(x), options));
      return x.add(this.#feed(this.norm2(x)));
    }
    x = this.norm1(x.add(this.#attend(x, options)));
    return this.norm2(x.add(this.#feed(x)));
  }

  #attend(x: Tensor, options: AttentionOptions): Tensor {
    return this.dropout(this.selfAttn(x, x, x, options)[0]);
  }

  #feed(x: Tensor): Tensor {
    const hidden = this.linear1(x);
    const active = this.activation === "gelu" ? gelu(hidden) : relu(hidden);
    return this.dropout(this.linear2(this.dropout(active)));
  }
}
