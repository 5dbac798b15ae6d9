import { clamp, formatShape, ShapeError, sameShape, type TensorArg, where } from "@tenon/numerics";
import { checkTargets } from "../core/define-loss.ts";
import { doubles } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { rowProducts, unitRowsOf } from "../metric/unit-rows.ts";
import { checkTogether } from "./check-together.ts";

const OP = "cosineEmbeddingLoss";

export interface CosineEmbeddingLossOptions extends ReductionOptions {
  /** The cosine up to which unlike pairs cost nothing, from -1 to 1. Default 0. */
  readonly margin?: number;
  /** Allows shapes that stretch each other, as [N, 1, D] and [N, D] do to [N, N, D]. Default false. */
  readonly broadcast?: boolean;
  /** Whether to refuse targets other than 1 and -1. Default false. */
  readonly checkTarget?: boolean;
}

/**
 * Loss of the angle between pairs that are alike (target 1) or not (-1): `loss = 1 - cos` for 1, `max(0, cos - margin)` for -1, 0 for any other target, with
 * cos that of input1 and input2 along their last dimension.
 *
 * Shapes: inputs `[D]` or `[..., D]` alike, target `[]` or `[...]`; to a scalar, or the target's shape with `reduction: "none"`. A cosine exactly at the margin
 * has slope 1. `1 - cos` is half the squared distance of the unit vectors, which does not cancel for small angles; vectors of any size keep their angle.
 * @throws ShapeError if the shapes do not go together (`broadcast: true` lets them stretch each other); ArgumentError for other targets with
 * `checkTarget: true`.
 * Differs from PyTorch: it adds 1e-12 to each squared length, so that equal vectors of size 1e-7 cost 0.97 and ones of size 1e20 NaN; here they cost 0.
 * A vector of zeros has cosine 0, as there, and gradient 0, not one of 1e6.
 * @example cosineEmbeddingLoss([[3, 4]], [[4, 3]], [1]).item() // 0.03999999910593033
 */
export const cosineEmbeddingLoss = /* @__PURE__ */ lossFunction(
  OP,
  (input1: TensorArg, input2: TensorArg, target: TensorArg, options: CosineEmbeddingLossOptions) => {
    const { margin = 0, broadcast = false, checkTarget = false } = options;
    const [a, b, t] = doubles(input1, input2, target);
    checkTogether(OP, { input1: a, input2: b }, broadcast);
    if (checkTarget) checkTargets(OP, t, "sign");
    const [first, second] = [unitRowsOf(a), unitRowsOf(b)];
    const [u, v] = [first.unit, second.unit];
    const cosine = rowProducts(u, v);
    if (!broadcast && !sameShape(t.shape, cosine.shape)) {
      throw new ShapeError({
        op: OP,
        rule: "there must be one target for each pair",
        received: `target ${formatShape(t.shape)}, inputs ${formatShape(a.shape)} and ${formatShape(b.shape)}`,
        expected: formatShape(cosine.shape),
      });
    }
    // Half of |u - v|^2 is 1 - cos of unit vectors; a row of zeros is none.
    const none = first.none.logicalOr(second.none).squeeze(-1);
    const apart = where(none, cosine.neg().add(1), u.sub(v).square().sum(-1).mul(0.5));
    const close = clamp(cosine.sub(margin), { min: 0 });
    return where(t.eq(1), apart, where(t.eq(-1), close, 0));
  },
);

/** `cosineEmbeddingLoss` with its options kept. */
export const CosineEmbeddingLoss = /* @__PURE__ */ lossClass("CosineEmbeddingLoss", cosineEmbeddingLoss);
