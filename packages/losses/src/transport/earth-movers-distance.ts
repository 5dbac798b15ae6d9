import { asTensor, cumsum, type Tensor, type TensorArg } from "@tenon/numerics";
import { absPower } from "../core/abs-power.ts";
import { checkOption } from "../core/check-option.ts";
import { checkSameShape } from "../core/check-same-shape.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";

const OP = "earthMoversDistance";

export interface EarthMoversDistanceOptions {
  /** Power of the differences of the running sums, 1 or more: 1 is the distance itself, 2 the squared loss of Hou et al. Default 1. */
  readonly p?: number;
  /** Whether the input is logits, whose softmax is the distribution. Default false. */
  readonly logits?: boolean;
  /** Where the bins lie, in their order. Default the last dimension. */
  readonly dim?: number;
}

/**
 * Earth mover's distance of distributions over ordered bins: `sum over k of |P_k - T_k|^p`, P and T the running sums. For p = 1, the mass times the number of bins that it
 * must be moved.
 *
 * Shapes: input and target `[..., K]` (`dim` for bins elsewhere), to a scalar, or `[...]` with `reduction: "none"`. Each distribution should have the same mass: neither
 * is scaled. Bins of a width w: multiply by w. The differences are summed, not the distributions, so that close ones keep their digits.
 * Source: Hou et al., "Squared Earth Mover's Distance-based Loss for Training Deep Neural Networks" (2016), arXiv 1611.05916.
 * @throws ShapeError unless the shapes are the same; ArgumentError for p below 1.
 * @example earthMoversDistance([[1, 0, 0]], [[0, 0, 1]]).item() // 2
 */
export const earthMoversDistance = /* @__PURE__ */ lossFunction(
  OP,
  (input: TensorArg, target: TensorArg, options: EarthMoversDistanceOptions): Tensor => {
    const { p = 1, logits = false, dim = -1 } = options;
    checkOption(OP, "p", String(p), "1 or more", p >= 1 && p < Number.POSITIVE_INFINITY);
    const [x, t] = realDoubles(asTensor(input), asTensor(target));
    checkSameShape(OP, { input: x, target: t });
    const gaps = cumsum((logits ? x.softmax(dim) : x).sub(t), dim);
    return absPower(gaps, p).sum(dim);
  },
);

/** `earthMoversDistance` with its options kept. */
export const EarthMoversDistanceLoss = /* @__PURE__ */ lossClass("EarthMoversDistanceLoss", earthMoversDistance);
