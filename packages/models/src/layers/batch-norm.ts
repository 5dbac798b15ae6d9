import { batchNorm, type DType, keep, noGrad, ones, Parameter, ShapeError, type Tensor, zeros } from "@tenon/numerics";
import { ones_, zeros_ } from "../init.ts";
import { Module } from "../module.ts";

export interface BatchNormOptions {
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number;
  /** Weight of a new batch in the running statistics; null averages over all batches evenly. Default 0.1. */
  readonly momentum?: number | null;
  /** Learns a scale and a shift per channel. Default true. */
  readonly affine?: boolean;
  /** Keeps running statistics for evaluation; without them batches are used there too. Default true. */
  readonly trackRunningStats?: boolean;
  /** Default float32. */
  readonly dtype?: DType;
}

/** What the batch norms of all dimensions share. See `BatchNorm2d`. */
abstract class BatchNorm extends Module {
  static override readonly stateKeys = {
    runningMean: "running_mean",
    runningVar: "running_var",
    numBatchesTracked: "num_batches_tracked",
  };

  readonly numFeatures: number;
  readonly eps: number;
  readonly momentum: number | null;
  weight: Parameter | null;
  bias: Parameter | null;
  runningMean: Tensor | null;
  runningVar: Tensor | null;
  numBatchesTracked: Tensor | null;

  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super();
    const { eps = 1e-5, momentum = 0.1, affine = true, trackRunningStats = true, dtype = "float32" } = options;
    this.numFeatures = numFeatures;
    this.eps = eps;
    this.momentum = momentum;
    this.weight = affine ? new Parameter(ones([numFeatures], { dtype })) : null;
    this.bias = affine ? new Parameter(zeros([numFeatures], { dtype })) : null;
    this.runningMean = trackRunningStats ? keep(zeros([numFeatures], { dtype })) : null;
    this.runningVar = trackRunningStats ? keep(ones([numFeatures], { dtype })) : null;
    this.numBatchesTracked = trackRunningStats ? keep(zeros([], { dtype: "int64" })) : null;
  }

  resetParameters(): void {
    for (const one of [this.weight, this.runningVar]) if (one !== null) ones_(one);
    for (const zero of [this.bias, this.runningMean, this.numBatchesTracked]) if (zero !== null) zeros_(zero);
  }

  /** Numbers of dimensions that `forward` takes. */
  protected abstract readonly ranks: readonly number[];

  forward(x: Tensor): Tensor {
    if (!this.ranks.includes(x.ndim) || x.shape[1] !== this.numFeatures) {
      throw new ShapeError({
        op: this.constructor.name,
        rule: "the input does not fit",
        received: `[${x.shape.join(", ")}]`,
        expected: `${this.ranks.join(" or ")} dimensions, the second of size ${this.numFeatures}`,
      });
    }
    const tracked = this.training ? this.numBatchesTracked : null;
    const y = batchNorm(x, this.runningMean, this.runningVar, {
      weight: this.weight,
      bias: this.bias,
      training: this.training || this.runningMean === null,
      momentum: tracked === null ? 0 : (this.momentum ?? 1 / ((tracked.item() as number) + 1)),
      eps: this.eps,
    });
    if (tracked !== null) noGrad(() => tracked.add_(1));
    return y;
  }

  // Checkpoints from before PyTorch 0.4.1 have no count.
  protected override optionalState(): readonly string[] {
    return this.numBatchesTracked === null ? [] : ["num_batches_tracked"];
  }

  protected override describe(): string {
    return `${this.numFeatures}, eps: ${this.eps}, momentum: ${this.momentum}`;
  }
}

/** Batch normalisation of `[batch, channels]` or `[batch, channels, length]`. See `BatchNorm2d`. */
export class BatchNorm1d extends BatchNorm {
  protected override get ranks(): readonly number[] {
    return [2, 3];
  }
}

/**
 * Normalises each channel over the batch. `y = (x − mean) / √(var + eps) · weight + bias`
 *
 * In training mean and (biased) variance are the batch's, and the running ones move towards them,
 * `running = (1 − momentum) · running + momentum · batch`, with the unbiased variance; in evaluation the running ones are used.
 * Shapes: x `[batch, channels, h, w]` → the same; weight, bias and statistics `[channels]`.
 * Source: Ioffe, Szegedy, "Batch normalization" (2015).
 */
export class BatchNorm2d extends BatchNorm {
  protected override get ranks(): readonly number[] {
    return [4];
  }
}

/** Batch normalisation of `[batch, channels, d, h, w]`. See `BatchNorm2d`. */
export class BatchNorm3d extends BatchNorm {
  protected override get ranks(): readonly number[] {
    return [5];
  }
}
