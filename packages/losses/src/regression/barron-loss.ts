import { expm1, isinf, type Tensor, type TensorArg, where } from "@tenon/numerics";
import { checkAllPositive } from "../core/check-option.ts";
import { defineLoss } from "../core/define-loss.ts";
import { doubles } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { log1pSquare } from "./log1p-square.ts";
import { welsch } from "./welsch.ts";

export interface BarronLossOptions {
  /** Shape: 2 squares, 1 is Charbonnier's, 0 Cauchy's, -2 Geman-McClure's, -Infinity Welsch's. A number, or a tensor (learned, say) that broadcasts. Default 1. */
  readonly alpha: TensorArg;
  /** Size of an ordinary error. Default 1. */
  readonly scale: number;
}

/**
 * Barron's general robust loss, one family for least squares to outlier-proof:
 * `|alpha - 2| / alpha ((z^2 / |alpha - 2| + 1)^(alpha / 2) - 1)`, z = (input - target) / scale, and its limits where alpha is 0, 2 or infinite.
 *
 * Shapes: input and target alike (or one stretched to the other's), to a scalar, or the same shape with `reduction: "none"`; a tensor alpha broadcasts to
 * them. The power is an `expm1` of a logarithm, so that alphas near 0 and near 2 are as exact as the limits themselves. Derivatives by alpha exist everywhere
 * but at 2 and the infinities, where they are taken as 0. Source: Barron, "A General and Adaptive Robust Loss Function" (CVPR 2019), arXiv 1701.03077.
 * @throws ArgumentError unless scale is above 0; ShapeError if the shapes would stretch each other (`broadcast: true` allows it).
 * @example barronLoss([2], [0], { alpha: 0 }).item() // 1.0986123085021973
 */
export const barronLoss = /* @__PURE__ */ defineLoss<BarronLossOptions>(
  "barronLoss",
  (input, target, { alpha, scale }) => {
    const z = input.sub(target).div(scale);
    return typeof alpha === "number" ? fixedShape(z, alpha) : givenShape(z, doubles(alpha)[0]);
  },
  {
    defaults: { alpha: 1, scale: 1 },
    check: (_input, _target, { scale }) => checkAllPositive("barronLoss", { scale }),
  },
);

/** `barronLoss` with its options kept. */
export const BarronLoss = /* @__PURE__ */ lossClass("BarronLoss", barronLoss);

// Closer to 0 than this, alpha changes nothing in float64.
const NO_SHAPE = 1e-20;
function fixedShape(z: Tensor, alpha: number): Tensor {
  if (alpha === 2) return z.square().mul(0.5);
  if (alpha === Number.NEGATIVE_INFINITY) return welsch(z);
  if (alpha === Number.POSITIVE_INFINITY) return expm1(z.square().mul(0.5));
  if (Math.abs(alpha) < NO_SHAPE) return log1pSquare(z.mul(Math.SQRT1_2));
  const b = Math.abs(alpha - 2);
  // At infinity the derivative is that of |z|^alpha, which the logarithm's 0 would hide.
  const infinite = isinf(z);
  const y = z.div(Math.sqrt(b));
  const near = expm1(log1pSquare(where(infinite, 0, y)).mul(alpha / 2));
  const limit = where(infinite, y.abs(), 1).pow(alpha).sub(1);
  return where(infinite, limit, near).mul(b / alpha);
}

function givenShape(z: Tensor, alpha: Tensor): Tensor {
  const two = alpha.eq(2);
  const infinite = isinf(alpha);
  const a = where(two.logicalOr(infinite), 1, alpha);
  const b = a.sub(2).abs();
  const growth = log1pSquare(z.div(b.sqrt()));
  // b / a expm1(a growth / 2), without the division by an alpha that may be 0.
  const general = expm1Quotient(growth.mul(a).mul(0.5)).mul(growth).mul(b).mul(0.5);
  const squares = where(two, where(two, z, 0).square().mul(0.5), general);
  const ends = where(alpha.gt(0), expm1(where(infinite, z, 0).square().mul(0.5)), welsch(z));
  return where(infinite, ends, squares);
}

const TERMS = 14;

/** `(e^u - 1) / u`, 1 at 0, by its series near 0, where the derivative of the quotient cancels. */
function expm1Quotient(u: Tensor): Tensor {
  const small = u.abs().lt(0.5);
  const s = where(small, u, 0);
  let series = s.div(TERMS + 1).add(1);
  for (let k = TERMS - 1; k >= 1; k--)
    series = series
      .mul(s)
      .div(k + 1)
      .add(1);
  const large = where(small, 1, u);
  return where(small, series, expm1(large).div(large));
}
