import {
  arange,
  Callable,
  type HasParameters,
  isTracing,
  noGrad,
  Parameter,
  softmaxCrossEntropy,
  stack,
  type Tensor,
  type TensorArg,
} from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { lossFunction } from "../core/loss-function.ts";
import { optionTensor } from "../core/option-tensor.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { unitRows } from "../metric/unit-rows.ts";
import { twoViews } from "./two-views.ts";

const OP = "clipLoss";
const INITIAL = Math.log(1 / 0.07);

export interface CLIPLossOptions extends ReductionOptions {
  /** Logarithm of what cosines are multiplied by. Default `log(1 / 0.07)`. */
  readonly logScale?: TensorArg;
}

/**
 * Contrastive loss of CLIP: cross entropy of each image among the texts of its batch and of each text among the images, with logits
 * `e^logScale cos(image_i, text_j)`.
 *
 * Shapes: embeddings of images and of their texts `[N, D]`, to a scalar, the mean of both directions; with `reduction: "none"` `[2, N]`, images first.
 * Gradients flow into `logScale`, too.
 * Source: Radford et al., "Learning Transferable Visual Models From Natural Language Supervision" (2021), arXiv 2103.00020.
 * @throws ShapeError unless both are `[N, D]`; ArgumentError unless `logScale` is a scalar.
 * @example clipLoss([[1, 0], [0, 1]], [[1, 0], [1, 1]], { logScale: 0 }).item() // 0.49115702509880066
 */
export const clipLoss = /* @__PURE__ */ lossFunction(
  OP,
  (images: TensorArg, texts: TensorArg, { logScale = INITIAL }: CLIPLossOptions) => {
    const [x, y] = twoViews(OP, { images, texts });
    const logits = unitRows(x)
      .matmul(unitRows(y).t())
      .mul(scalar(OP, "logScale", logScale, x).exp());
    const own = arange(x.shape[0]!, undefined, 1, { dtype: "int64" });
    const rows = (dim: number) =>
      softmaxCrossEntropy(logits, own, { dim, reduction: "none", exactRows: !isTracing(), op: OP });
    return stack([rows(1), rows(0)], 0);
  },
);

/** A learned scalar in the dtype that the loss computes in. @throws ArgumentError for any other shape. */
export function scalar(op: string, name: string, value: TensorArg, like: Tensor): Tensor {
  const t = optionTensor(value, like);
  checkOption(op, name, t.shape, "a scalar", t.size === 1);
  return t.reshape([]);
}

export interface CLIPLossSettings extends ReductionOptions {
  /** Where the learned logarithm starts. Default `log(1 / 0.07)`. */
  readonly logScale?: number;
}

/**
 * `clipLoss` with its learned scale. The paper holds the scale at 100 or less: call `clampScale()` after each step of the optimizer.
 * @throws as `clipLoss` does.
 * @example new CLIPLoss().logScale.item() // 2.6592600345611572
 */
export class CLIPLoss extends Callable implements HasParameters {
  readonly logScale: Parameter;
  readonly options: ReductionOptions;

  constructor({ logScale = INITIAL, ...options }: CLIPLossSettings = {}) {
    super();
    this.logScale = new Parameter(logScale);
    this.options = options;
  }

  *namedParameters(): Iterable<readonly [string, Tensor]> {
    yield ["logScale", this.logScale];
  }

  override forward(images: TensorArg, texts: TensorArg): Tensor {
    return clipLoss(images, texts, { ...this.options, logScale: this.logScale });
  }

  /** Holds the scale at `max` or less. Default 100. */
  clampScale(max = 100): void {
    noGrad(() => this.logScale.copy_(this.logScale.clamp({ max: Math.log(max) })));
  }
}
