import { ArgumentError, expm1, type Tensor, where } from "@tenon/numerics";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";
import { realDoubles } from "../core/real-doubles.ts";

export interface TweedieLossOptions {
  /** Power of the mean that the variance grows with, from 1 (Poisson) to 2 (gamma). Default 1.5. */
  readonly power: number;
  /** Whether the input is the logarithm of the mean, else the mean. Default true. */
  readonly logInput: boolean;
  /** The deviance, twice the distance to the best possible loss: 0 where mean and target agree. Default false. */
  readonly deviance: boolean;
}

/**
 * Tweedie loss for amounts that are often 0, as rain and claims are: `m^(2 - p) / (2 - p) - t m^(1 - p) / (1 - p)`, m the mean, p the power; the negative log
 * likelihood up to factors and terms without m. Power 1 is the Poisson loss `m - t log m`, power 2 the gamma loss `t / m + log m`. With `deviance`:
 * `2 (t^(2 - p) / ((1 - p) (2 - p)) - t m^(1 - p) / (1 - p) + m^(2 - p) / (2 - p))`.
 *
 * Shapes: input and target alike (or one stretched to the other's), to a scalar, or the same shape with `reduction: "none"`. The deviance is computed from
 * the logarithm of m / t, so that nearly equal pairs keep their digits and powers 1 and 2 need no limits. Targets are 0 or more (`checkTarget`). Source:
 * Jørgensen, "Exponential Dispersion Models" (1987); defaults as pytorch-forecasting's.
 * @throws ArgumentError unless power lies between 1 and 2; ShapeError if the shapes would stretch each other (`broadcast: true` allows it).
 * @example tweedieLoss([0, 0], [1, 0], { reduction: "none" }).toArray() // [4, 2]
 */
export const tweedieLoss = /* @__PURE__ */ defineLoss<TweedieLossOptions>(
  "tweedieLoss",
  (input, target, { power, logInput, deviance }) => {
    const [x, t] = realDoubles(input, target);
    const [a, b] = [2 - power, 1 - power];
    return deviance ? devianceOf(x, t, a, b, logInput) : likelihood(x, t, a, b, logInput);
  },
  {
    defaults: { power: 1.5, logInput: true, deviance: false },
    targets: "count",
    check: (_input, _target, { power }) => {
      if (power >= 1 && power <= 2) return;
      throw new ArgumentError({
        op: "tweedieLoss",
        rule: "power must lie between 1 and 2",
        received: String(power),
      });
    },
  },
);

/** `tweedieLoss` with its options kept. */
export const TweedieLoss = /* @__PURE__ */ lossClass("TweedieLoss", tweedieLoss);

/** `m^k / k`, or the logarithm that takes its place at k = 0. */
function powerOf(x: Tensor, k: number, logInput: boolean): Tensor {
  if (k === 0) return logInput ? x : x.log();
  return (logInput ? x.mul(k).exp() : x.pow(k)).div(k);
}

// e to more than this is no float64 (and in a trace no float32).
const GREATEST_LOG = 80;

function likelihood(x: Tensor, t: Tensor, a: number, b: number, logInput: boolean): Tensor {
  const none = t.eq(0);
  const infinite = x.eq(Number.POSITIVE_INFINITY);
  // Where both terms are infinite the power wins over the logarithm.
  const endless = logInput ? x.eq(Number.NEGATIVE_INFINITY) : x.eq(0);
  const first = powerOf(a === 0 ? where(endless.logicalAnd(none.logicalNot()), 1, x) : x, a, logInput);
  // Nothing is 0 times whatever comes close to infinity.
  const boundless = logInput && b !== 0 ? x.mul(b).gt(GREATEST_LOG) : endless;
  const second = powerOf(where(infinite.logicalOr(boundless.logicalAnd(none)), 1, x), b, logInput);
  return first.sub(second.mul(where(infinite, 0, t)));
}

function devianceOf(x: Tensor, t: Tensor, a: number, b: number, logInput: boolean): Tensor {
  const none = t.eq(0);
  const y = where(none, 1, t);
  // u = log(m / t): expm1 of its multiples is exact where m and t nearly agree.
  const u = (logInput ? where(none, 0, x) : where(none, 1, x).log()).sub(y.log());
  const growth = (v: Tensor, k: number) => (k === 0 ? v : expm1(v.mul(k)).div(k));
  const first = growth(a === 0 ? where(u.eq(Number.NEGATIVE_INFINITY), 0, u) : u, a);
  const second = growth(b === 0 ? where(u.eq(Number.POSITIVE_INFINITY), 0, u) : u, b);
  const some = first.sub(second).mul(y.pow(a));
  const alone = a === 0 ? Number.POSITIVE_INFINITY : powerOf(where(none, x, 1), a, logInput);
  return where(none, alone, some).mul(2);
}
