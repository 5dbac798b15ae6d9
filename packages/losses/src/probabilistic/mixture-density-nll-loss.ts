import { formatShape, logSumExp, ShapeError, sameShape, type Tensor, type TensorArg } from "@tenon/numerics";
import { doubles } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";

const OP = "mixtureDensityNllLoss";
const HALF_LOG_TAU = 0.5 * Math.log(2 * Math.PI);

/**
 * Negative log likelihood of a mixture of K normal distributions, the loss of mixture density networks:
 *
 *     loss = -log(sum over k of softmax(logits)_k N(t; mean_k, e^logScale_k))
 *
 * Shapes: logits `[..., K]`; for numbers mean and logScale `[..., K]`, target `[...]`; for vectors of D independent coordinates mean and logScale `[..., K, D]`, target
 * `[..., D]`. To a scalar, or `[...]` with `reduction: "none"`. logScale is the logarithm of the standard deviation. All in logarithms: targets far from every component
 * have their distance to the nearest, not infinity, and its gradient. A component with logit -infinity does not take part.
 * Source: Bishop, "Mixture Density Networks" (1994).
 * @throws ShapeError unless there is a component for each logit and a target for each mixture.
 * @example mixtureDensityNllLoss([[-1, 1]], [0], [[0, 0]], [[0, 0]]).item() // 1.4189385175704956
 */
export const mixtureDensityNllLoss = /* @__PURE__ */ lossFunction(
  OP,
  (mean: TensorArg, target: TensorArg, logScale: TensorArg, logits: TensorArg, _options: object): Tensor => {
    const [m, t, s, z] = [...realDoubles(mean, target), ...doubles(logScale, logits)];
    const vectors = m!.ndim === z!.ndim + 1;
    checkShapes(m!, t!, s!, z!, vectors);
    const distances = t!
      .unsqueeze(vectors ? -2 : -1)
      .sub(m!)
      .mul(s!.neg().exp());
    const each = distances.square().mul(0.5).add(s!).add(HALF_LOG_TAU);
    const surprise = vectors ? each.sum(-1) : each;
    return logSumExp(z!.logSoftmax(-1).sub(surprise), -1).neg();
  },
);

/** `mixtureDensityNllLoss` with its options kept. */
export const MixtureDensityNLLLoss = /* @__PURE__ */ lossClass("MixtureDensityNLLLoss", mixtureDensityNllLoss);

function checkShapes(m: Tensor, t: Tensor, s: Tensor, z: Tensor, vectors: boolean): void {
  const batch = z.shape.slice(0, -1);
  const size = vectors ? [m.shape.at(-1)!] : [];
  const fits = sameShape(m.shape, [...z.shape, ...size]) && sameShape(s.shape, m.shape);
  if (z.ndim > 0 && z.shape.at(-1)! > 0 && fits && sameShape(t.shape, [...batch, ...size])) return;
  throw new ShapeError({
    op: OP,
    rule: "mean, logScale, logits and target do not fit one another",
    received: `mean ${formatShape(m.shape)}, target ${formatShape(t.shape)}, logScale ${formatShape(s.shape)}, logits ${formatShape(z.shape)}`,
    expected: "mean and logScale [..., K] or [..., K, D], target [...] or [..., D], logits [..., K]",
  });
}
