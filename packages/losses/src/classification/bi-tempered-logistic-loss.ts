import { ArgumentError, logEntmax, scatter, stack, type Tensor, unsqueeze } from "@tenon/numerics";
import { type ClassRows, defineClassLoss } from "../core/define-class-loss.ts";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";
import { temperedDivergence, temperedDivergences } from "./tempered-divergence.ts";

export interface BiTemperedLogisticLossOptions {
  /** Temperature of the logarithm, from 0 to below 2: below 1 the loss is bounded, which holds back wild outliers. Default 0.8. */
  readonly t1: number;
  /** Temperature of the exponential, above 0: above 1 tails are heavy, which holds back mislabelled rows near the boundary; below 1 they end. Default 1.2. */
  readonly t2: number;
  /** Share of every target that is spread over the other classes. Default 0. */
  readonly labelSmoothing: number;
}

/**
 * Robust bi-tempered logistic loss: `loss = sum_c [t_c (log_t1 t_c - log_t1 p_c) - (t_c^(2 - t1) - p_c^(2 - t1)) / (2 - t1)]` with the tempered softmax
 * `p_c = exp_t2(z_c - lambda)`, `log_t(x) = (x^(1 - t) - 1) / (1 - t)` and exp_t its inverse. t1 = t2 = 1 is cross entropy.
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; target class indices `[]`, `[N]`, `[N, d1, ...]`; to a scalar, or the target's shape with
 * `reduction: "none"`. "mean" divides by the weights of the rows that count, as `crossEntropy` does.
 *
 * lambda is found to float64 accuracy and differentiated as the implicit function it is; the divergence is a sum of positive terms in log p, so that sure
 * rows keep their digits and hopeless ones their slope.
 * Source: Amid et al., "Robust Bi-Tempered Logistic Loss Based on Bregman Divergences" (2019), arXiv 1906.03361.
 * Differs from the authors' code: lambda is exact instead of five fixed-point steps or ten halvings; t1 = 1 and t2 = 1 are limits, without 1e-10 in logarithms.
 * @throws ArgumentError for temperatures or a smoothing outside their ranges; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example biTemperedLogisticLoss([[2, 0]], [1]).item() // 1.4531258344650269
 */
export const biTemperedLogisticLoss = /* @__PURE__ */ defineClassLoss<BiTemperedLogisticLossOptions>(
  "biTemperedLogisticLoss",
  (rows, options) => {
    const { t1, t2, labelSmoothing } = options;
    if (t1 === 1 && t2 === 1 && labelSmoothing === 0) return rows.crossEntropy();
    const { dim, classes } = rows;
    const logP = logEntmax(rows.logits, dim, { alpha: 2 - t2 });
    const smoothing = classes > 1 ? labelSmoothing : 0;
    return divergence(rows, logP, { alpha: 2 - t1, right: 1 - smoothing, wrong: smoothing / Math.max(1, classes - 1) });
  },
  {
    defaults: { t1: 0.8, t2: 1.2, labelSmoothing: 0 },
    check: (_rows, options) => checkTemperatures("biTemperedLogisticLoss", options),
  },
);

interface Targets {
  readonly alpha: number;
  readonly right: number;
  readonly wrong: number;
}

function divergence(rows: ClassRows, logP: Tensor, { alpha, right, wrong }: Targets): Tensor {
  const { dim, target } = rows;
  const own = temperedDivergence(right, rows.atTarget(logP), alpha);
  const all = temperedDivergence(wrong, logP, alpha);
  return own.add(scatter(all, dim, unsqueeze(target, dim), 0).sum(dim));
}

function checkTemperatures(op: string, { t1, t2, labelSmoothing }: BiTemperedLogisticLossOptions): void {
  if (!(t1 >= 0 && t1 < 2)) {
    throw new ArgumentError({ op, rule: "t1 must lie in [0, 2)", received: String(t1) });
  }
  if (!(t2 > 0 && Number.isFinite(t2))) {
    throw new ArgumentError({ op, rule: "t2 must be a number above 0", received: String(t2) });
  }
  if (labelSmoothing >= 0 && labelSmoothing < 1) return;
  throw new ArgumentError({ op, rule: "labelSmoothing must lie in [0, 1)", received: String(labelSmoothing) });
}

/** `biTemperedLogisticLoss` with its options kept. */
export const BiTemperedLogisticLoss = /* @__PURE__ */ lossClass("BiTemperedLogisticLoss", biTemperedLogisticLoss);

/**
 * The bi-tempered logistic loss of one logit an element: that of the two logits `[0, x]` and the target `[1 - t, t]`. See `biTemperedLogisticLoss`.
 *
 * Shapes: input and target alike, any; to a scalar, or the same shape with `reduction: "none"`. Targets from 0 to 1 (`checkTarget: true` looks);
 * `labelSmoothing` s makes them `(1 - 2 s) t + s`.
 * Source: Amid et al., "Robust Bi-Tempered Logistic Loss Based on Bregman Divergences" (2019), arXiv 1906.03361.
 * @throws ArgumentError for temperatures or a smoothing outside their ranges; ShapeError if the shapes would stretch each other.
 * @example biTemperedBinaryLogisticLoss([-2], [1]).item() // 1.4531258344650269
 */
export const biTemperedBinaryLogisticLoss = /* @__PURE__ */ defineLoss<BiTemperedLogisticLossOptions>(
  "biTemperedBinaryLogisticLoss",
  (x, t, { t1, t2, labelSmoothing }) => {
    // 0, also for an infinite logit.
    const zero = x.detach().clamp({ min: 0, max: 0 });
    const logP = logEntmax(stack([zero, x], 0), 0, { alpha: 2 - t2 });
    const yes = labelSmoothing === 0 ? t : t.mul(1 - 2 * labelSmoothing).add(labelSmoothing);
    const y = stack([yes.neg().add(1), yes], 0).expand(logP.shape);
    return temperedDivergences(y, logP, 2 - t1).sum(0);
  },
  {
    defaults: { t1: 0.8, t2: 1.2, labelSmoothing: 0 },
    check: (_x, _t, options) => checkTemperatures("biTemperedBinaryLogisticLoss", options),
    targets: "probability",
    shapes: "same",
  },
);

/** `biTemperedBinaryLogisticLoss` with its options kept. */
export const BiTemperedBinaryLogisticLoss = /* @__PURE__ */ lossClass(
  "BiTemperedBinaryLogisticLoss",
  biTemperedBinaryLogisticLoss,
);
