import {
  asTensor,
  Callable,
  formatShape,
  type Generator,
  randn,
  ShapeError,
  type Tensor,
  type TensorArg,
} from "@tenon/numerics";
import { checkOption, checkPositive } from "../core/check-option.ts";
import { checkSameShape } from "../core/check-same-shape.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { unitRows } from "../metric/unit-rows.ts";
import { normalityStatistic } from "./normality-statistic.ts";
import { checkColumns, checkRank } from "./two-views.ts";

export interface SIGRegOptions {
  /** Frequencies of the trapezoidal rule, from 0 to `range`. Default 17. */
  readonly points?: number;
  /** The highest frequency. Default 3. */
  readonly range?: number;
}

export interface SIGRegLossOptions extends SIGRegOptions, ReductionOptions {}

export interface LeJEPALossOptions extends SIGRegLossOptions {
  /** Share of the regularization. Default 0.05. */
  readonly lambda?: number;
}

/**
 * Sketched isotropic Gaussian regularization: how far the embeddings are from a standard normal distribution, seen along given directions. For each
 * direction the Epps-Pulley statistic of the projections x
 *
 *     loss = N integral over t from -range to range of |mean_n e^(i t x_n) - e^(-t^2 / 2)|^2 e^(-t^2 / 2)
 *
 * by the trapezoidal rule. It is bounded, and so is its gradient, however far away an embedding is.
 *
 * Shapes: embeddings `[..., N, D]`, directions `[S, D]` (constants; only their direction counts), to a scalar, or `[..., S]` with `reduction: "none"`.
 * Source: Balestriero and LeCun, "LeJEPA" (2025), arXiv 2511.08544.
 * @throws ShapeError; ArgumentError for fewer than two points or a range that is not positive.
 * @example sigRegLoss([[1], [-1]], [[1]]).item() // 0.20565922558307648
 */
export const sigRegLoss = /* @__PURE__ */ lossFunction(
  "sigRegLoss",
  (embeddings: TensorArg, directions: TensorArg, options: SIGRegLossOptions) => {
    const [x, d] = realDoubles(embeddings, directions);
    return statistics("sigRegLoss", x, d, options);
  },
);

/**
 * LeJEPA: `loss = lambda sigReg(views) + (1 - lambda) mean (views - centre)^2`, the centre of an image being the mean of its global views.
 *
 * Shapes: embeddings of all views `[V, N, D]`, of the global ones `[G, N, D]` (which may be among them), directions `[S, D]`; to a scalar
 * (`reduction` changes nothing). Draw new directions for every step, or let `LeJEPALoss` do so.
 * Source: Balestriero and LeCun, "LeJEPA" (2025), arXiv 2511.08544.
 * @throws ShapeError; ArgumentError for a lambda outside [0, 1].
 * @example leJepaLoss([[[1], [-1]], [[1], [0]]], [[[1], [-1]]], [[1]], { lambda: 0.5 }).item() // 0.33026358485221863
 */
export const leJepaLoss = /* @__PURE__ */ lossFunction(
  "leJepaLoss",
  (
    views: TensorArg,
    globalViews: TensorArg,
    directions: TensorArg,
    { lambda = 0.05, ...options }: LeJEPALossOptions,
  ) => {
    checkOption("leJepaLoss", "lambda", lambda, "from 0 to 1", lambda >= 0 && lambda <= 1);
    const [x, g, d] = realDoubles(views, globalViews, directions);
    checkRank("leJepaLoss", "views", x, "[V, N, D]");
    checkRank("leJepaLoss", "globalViews", g, "[G, N, D]");
    checkSameShape("leJepaLoss", { "a view": x.narrow(0, 0, 1), "a global view": g.narrow(0, 0, 1) });
    const invariance = x
      .sub(g.mean(0, { keepdim: true }))
      .square()
      .mean();
    return statistics("leJepaLoss", x, d, options)
      .mean()
      .mul(lambda)
      .add(invariance.mul(1 - lambda));
  },
);

export interface LeJEPALossSettings extends LeJEPALossOptions {
  /** Directions drawn for each call. Default 1024. */
  readonly slices?: number;
  /** Where they come from. Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * `leJepaLoss` with random directions, new ones in every call: `forward(views, globalViews)`.
 * @throws as `leJepaLoss` does; ArgumentError for a number of slices that is no whole number above 0.
 */
export class LeJEPALoss extends Callable {
  readonly options: LeJEPALossSettings;

  constructor(options: LeJEPALossSettings = {}) {
    super();
    const { slices = 1024 } = options;
    checkOption("LeJEPALoss", "slices", slices, "a whole number above 0", Number.isInteger(slices) && slices > 0);
    this.options = options;
  }

  override forward(views: TensorArg, globalViews: TensorArg): Tensor {
    const { slices = 1024, generator, ...rest } = this.options;
    const x = asTensor(views);
    checkRank("LeJEPALoss", "views", x, "[V, N, D]");
    const directions = randn([slices, x.shape[2]!], generator === undefined ? {} : { generator });
    return leJepaLoss(x, globalViews, directions, rest);
  }
}

/** The statistic of each direction, `[..., S]`. */
function statistics(op: string, x: Tensor, directions: Tensor, { points = 17, range = 3 }: SIGRegOptions): Tensor {
  checkOption(op, "points", points, "a whole number from 2 on", Number.isInteger(points) && points > 1);
  checkPositive(op, "range", range);
  if (x.ndim < 2) {
    throw new ShapeError({
      op,
      rule: "embeddings have the wrong shape",
      received: formatShape(x.shape),
      expected: "[..., N, D]",
    });
  }
  checkColumns(op, "directions", directions, x.shape.at(-1)!, "the embeddings");
  const projections = x.matmul(unitRows(directions.detach().to(x.dtype)).t()); // [..., N, S]
  return normalityStatistic(projections, { points, range });
}
