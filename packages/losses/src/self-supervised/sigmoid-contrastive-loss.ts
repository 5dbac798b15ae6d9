import { Callable, eye, type HasParameters, logSigmoid, Parameter, type Tensor, type TensorArg } from "@tenon/numerics";
import { lossFunction } from "../core/loss-function.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { unitRows } from "../metric/unit-rows.ts";
import { scalar } from "./clip-loss.ts";
import { twoViews } from "./two-views.ts";

const OP = "sigmoidContrastiveLoss";

export interface SigmoidContrastiveLossOptions extends ReductionOptions {
  /** Logarithm t' of what cosines are multiplied by. Default `log 10`. */
  readonly logScale?: TensorArg;
  /** Added to the logits. Default -10. */
  readonly bias?: TensorArg;
}

/**
 * Sigmoid loss for pairs of images and texts (SigLIP): every combination of a batch is a yes or no of its own.
 *
 *     loss_i = sum_j log(1 + e^(-y_ij (e^logScale cos(image_i, text_j) + bias))),    y_ij = 1 if i = j, else -1
 *
 * Shapes: embeddings of images and of their texts `[N, D]`, to a scalar, or `[N]` with `reduction: "none"`, the sums over texts; "mean" divides by N.
 * Gradients flow into `logScale` and `bias`, too.
 * Source: Zhai et al., "Sigmoid Loss for Language Image Pre-Training" (2023), arXiv 2303.15343.
 * @throws ShapeError unless both are `[N, D]`; ArgumentError unless `logScale` and `bias` are scalars.
 * @example sigmoidContrastiveLoss([[1, 0], [0, 1]], [[1, 0], [1, 1]], { bias: -5 }).item() // 1.160966157913208
 */
export const sigmoidContrastiveLoss = /* @__PURE__ */ lossFunction(
  OP,
  (images: TensorArg, texts: TensorArg, { logScale = Math.LN10, bias = -10 }: SigmoidContrastiveLossOptions) => {
    const [x, y] = twoViews(OP, { images, texts });
    const cosines = unitRows(x).matmul(unitRows(y).t());
    const logits = cosines.mul(scalar(OP, "logScale", logScale, x).exp()).add(scalar(OP, "bias", bias, x));
    const sign = eye(x.shape[0]!, undefined, { dtype: x.dtype }).mul(2).sub(1);
    return logSigmoid(logits.mul(sign)).neg().sum(1);
  },
);

export interface SigmoidContrastiveLossSettings extends ReductionOptions {
  /** Where the learned logarithm starts. Default `log 10`. */
  readonly logScale?: number;
  /** Where the learned bias starts. Default -10. */
  readonly bias?: number;
}

/**
 * `sigmoidContrastiveLoss` with its learned scale and bias.
 * @throws as `sigmoidContrastiveLoss` does.
 * @example new SigmoidContrastiveLoss().bias.item() // -10
 */
export class SigmoidContrastiveLoss extends Callable implements HasParameters {
  readonly logScale: Parameter;
  readonly bias: Parameter;
  readonly options: ReductionOptions;

  constructor({ logScale = Math.LN10, bias = -10, ...options }: SigmoidContrastiveLossSettings = {}) {
    super();
    this.logScale = new Parameter(logScale);
    this.bias = new Parameter(bias);
    this.options = options;
  }

  *namedParameters(): Iterable<readonly [string, Tensor]> {
    yield ["logScale", this.logScale];
    yield ["bias", this.bias];
  }

  override forward(images: TensorArg, texts: TensorArg): Tensor {
    return sigmoidContrastiveLoss(images, texts, { ...this.options, logScale: this.logScale, bias: this.bias });
  }
}
