import { type Tensor, where } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";

export interface MAPELossOptions {
  /** Least |target| to divide by. Default 1e-7, as Keras; 0 gives the exact ratio, infinite for a target of 0 that is missed. */
  readonly eps: number;
}

/** a / b, 0 where both are 0. */
function ratio(a: Tensor, b: Tensor): Tensor {
  return a.div(where(a.eq(0).logicalAnd(b.eq(0)), 1, b));
}

/**
 * Mean absolute percentage error: `loss = 100 |input - target| / max(|target|, eps)`.
 *
 * Shapes as `mseLoss`; with `weight` the mean divides by the number of losses. A target of 0 that is met costs 0.
 * @throws ArgumentError for a negative eps; ShapeError if the shapes would stretch each other (`broadcast: true` allows it).
 * @example mapeLoss([1, 3], [2, 4]).item() // 37.5
 */
export const mapeLoss = /* @__PURE__ */ defineLoss<MAPELossOptions>(
  "mapeLoss",
  (input, target, { eps }) => {
    const size = target.abs();
    return ratio(input.sub(target).abs(), eps === 0 ? size : size.clamp({ min: eps })).mul(100);
  },
  {
    defaults: { eps: 1e-7 },
    check: (_input, _target, { eps }) => checkOption("mapeLoss", "eps", eps, "0 or more", eps >= 0),
  },
);

/** `mapeLoss` with its options kept. */
export const MAPELoss = /* @__PURE__ */ lossClass("MAPELoss", mapeLoss);

/**
 * Symmetric mean absolute percentage error: `loss = 200 |input - target| / (|input| + |target|)`, from 0 to 200; 0 where both are 0.
 *
 * Shapes as `mseLoss`; with `weight` the mean divides by the number of losses. No eps is needed; an infinite prediction costs 200, the limit.
 * Source: Makridakis, "Accuracy measures: theoretical and practical concerns" (1993). Some divide by the sum, not by half of it: half of this.
 * @throws ShapeError if the shapes would stretch each other (`broadcast: true` allows it).
 * @example smapeLoss([1, 3], [3, 1]).item() // 100
 */
export const smapeLoss = /* @__PURE__ */ defineLoss("smapeLoss", (input, target) => {
  const [x, t] = [input, target].map((v) => v.clamp({ min: -1e300, max: 1e300 }));
  return ratio(x!.sub(t!).abs(), x!.abs().add(t!.abs())).mul(200);
});

/** `smapeLoss` with its options kept. */
export const SMAPELoss = /* @__PURE__ */ lossClass("SMAPELoss", smapeLoss);
