import {
  ArgumentError,
  asTensor,
  formatShape,
  gather,
  isTracing,
  normalizeDim,
  ShapeError,
  sameShape,
  softmaxCrossEntropy,
  type Tensor,
  type TensorArg,
  where,
} from "@tenon/numerics";
import { doubles } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";

const OP = "distributionFocalLoss";

export interface DistributionFocalLossOptions {
  /** Where the bins lie. Default the last dimension. */
  readonly dim?: number;
}

/**
 * Distribution focal loss: a distance as a distribution over the bins 0 ... B - 1, drawn to the two bins beside it.
 *
 *     loss = (r - t) * -log p_l + (t - l) * -log p_r,    l = floor(t), r = l + 1, p = softmax(logits)
 *
 * Shapes: logits `[..., B]` (`dim` for bins elsewhere), target `[...]` in bins, from 0 to B - 1; to a scalar, or the target's shape with `reduction: "none"`.
 * At t = B - 1 the last bin is all. The gradient to the target flows.
 *
 * One fused pass: `-log p` of the nearer bin and its logit's lead over the other's, so that rows keep their digits however sure they are. Source: Li et al.,
 * "Generalized Focal Loss: Learning Qualified and Distributed Bounding Boxes for Dense Object Detection" (2020), arXiv 2006.04388. Its other half is
 * `qualityFocalLoss`.
 * @throws ShapeError unless there is one target for each row of bins; ArgumentError for a target outside the bins.
 * @example distributionFocalLoss([[0, 0, Math.log(2)]], [1.5]).item() // 1.0397207736968994
 */
export const distributionFocalLoss = /* @__PURE__ */ lossFunction(
  OP,
  (input: TensorArg, target: TensorArg, options: DistributionFocalLossOptions): Tensor => {
    const x = asTensor(input);
    const [t] = realDoubles(target);
    const dim = normalizeDim(OP, options.dim ?? -1, x.ndim);
    const bins = x.shape[dim]!;
    checkTarget(x, t, dim);
    const at = t.detach();
    // The nearer of the two bins, and the other one: the next on the side of the target.
    const left = at.to("int64").clamp({ max: Math.max(0, bins - 2) });
    const rightIsNear = at.sub(left.to(at.dtype)).gt(0.5);
    const near = where(rightIsNear, left.add(1), left);
    const far = where(rightIsNear, left, left.add(1).clamp({ max: bins - 1 }));
    const share = t.sub(near.to(t.dtype)).abs();
    const surprise = softmaxCrossEntropy(x, near, { dim, reduction: "none", exactRows: !isTracing(), op: OP });
    return surprise.add(leads(x, near, far, share, dim, surprise));
  },
);

/** `distributionFocalLoss` with its options kept. */
export const DistributionFocalLoss = /* @__PURE__ */ lossClass("DistributionFocalLoss", distributionFocalLoss);

/** `share (x_near - x_far)`; 0 where nothing falls to the far bin, and where the near bin is out of reach already. */
function leads(x: Tensor, near: Tensor, far: Tensor, share: Tensor, dim: number, surprise: Tensor): Tensor {
  const [a, b] = doubles(...[near, far].map((bin) => gather(x, dim, bin.unsqueeze(dim)).squeeze(dim)));
  const none = share.detach().eq(0).logicalOr(surprise.detach().eq(Number.POSITIVE_INFINITY));
  return where(
    none,
    0,
    where(none, 0, a!)
      .sub(where(none, 0, b!))
      .mul(share),
  );
}

function checkTarget(x: Tensor, t: Tensor, dim: number): void {
  const expected = x.shape.filter((_, i) => i !== dim);
  if (!sameShape(t.shape, expected)) {
    throw new ShapeError({
      op: OP,
      rule: "there must be one target for each row of bins",
      received: `input ${formatShape(x.shape)}, target ${formatShape(t.shape)}`,
      expected: `target ${formatShape(expected)}`,
      hint: `Bins lie in dimension ${dim} of the input; pass dim if they lie elsewhere`,
    });
  }
  if (isTracing() || t.size === 0) return;
  const last = x.shape[dim]! - 1;
  const inside = t.detach().ge(0).logicalAnd(t.detach().le(last));
  if (inside.all().item() === true) return;
  const at = inside.logicalNot().flatten().argmax().item() as number;
  throw new ArgumentError({
    op: OP,
    rule: "a target lies outside the bins",
    received: `${t.detach().flatten().select(0, at).item()} at position ${at}`,
    expected: `0 to ${last}`,
  });
}
