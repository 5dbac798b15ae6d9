import { ArgumentError, scatter } from "@tenon/numerics";
import { checkPositive } from "../core/check-option.ts";
import { classWeightLossClass, defineClassWeightLoss } from "./define-class-weight-loss.ts";

export interface ProxyNCALossOptions {
  /** What distances are multiplied by. Default 1. */
  readonly scale: number;
  /** Whether the own proxy is in the denominator as well, as in ProxyNCA++: then it is a cross entropy. Default false. */
  readonly includePositive: boolean;
}

/**
 * ProxyNCA: neighbourhood components analysis with one proxy (vector) for each class.
 *
 *     loss = -log(e^(-scale d(x, p_y)) / sum over z other than y of e^(-scale d(x, p_z))),   d = |x - p|^2 of normalised vectors
 *
 * Shapes: embeddings `[N, D]`, class indices `[N]`, proxies `[C, D]`; to a scalar, or `[N]` with `reduction: "none"`. It is negative where the own proxy is clearly the
 * closest; with `includePositive` it is never below 0. `weight` in the options is a factor of each class. As the vectors have length 1, d is 2 - 2 cos theta.
 * Source: Movshovitz-Attias et al., "No Fuss Distance Metric Learning using Proxies" (2017), arXiv 1703.07464; Teh et al., "ProxyNCA++" (2020), arXiv 2004.01113.
 * Differs from pytorch-metric-learning, which has the "++" form alone. With the proxies as a parameter: `ProxyNCALoss`.
 * @throws ArgumentError for a scale that is not above 0, or a single class without `includePositive`; ShapeError, DTypeError; IndexOutOfRangeError for a target that
 * is no class.
 * @example proxyNcaLoss([[1, 0], [0, 2]], [0, 1], [[1, 0], [0, 1]]).item() // -2
 */
export const proxyNcaLoss = /* @__PURE__ */ defineClassWeightLoss<ProxyNCALossOptions>(
  "proxyNcaLoss",
  // The 2 of the distance cancels.
  (vectors, { scale }) => vectors.cosines().mul(2 * scale),
  {
    defaults: { scale: 1, includePositive: false },
    check: ({ scale }) => checkPositive("proxyNcaLoss", "scale", scale),
    rows: (rows, { includePositive }) => {
      if (includePositive) return rows.crossEntropy();
      checkClasses(rows.classes);
      const others = scatter(rows.logits, 1, rows.target.unsqueeze(1), Number.NEGATIVE_INFINITY);
      return others.logSumExp(1).sub(rows.atTarget(rows.logits));
    },
  },
);

/** `proxyNcaLoss` with the proxies as its parameter, `weight` `[C, D]`. */
export const ProxyNCALoss = /* @__PURE__ */ classWeightLossClass("ProxyNCALoss", proxyNcaLoss);

function checkClasses(classes: number): void {
  if (classes > 1) return;
  throw new ArgumentError({
    op: "proxyNcaLoss",
    rule: "there must be another class to compare with",
    received: "1 proxy",
    hint: "Pass includePositive: true",
  });
}
