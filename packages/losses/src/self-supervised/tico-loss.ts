import { asTensor, Callable, isTracing, keep, noGrad, type Tensor, type TensorArg, tidy, zeros } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { checkSameShape } from "../core/check-same-shape.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { rowProducts, unitRows } from "../metric/unit-rows.ts";
import { unitDistance } from "./cosine-losses.ts";
import { twoViews } from "./two-views.ts";

const OP = "tiCoLoss";

export interface TiCoLossOptions extends ReductionOptions {
  /** Share of the covariance that stays when a batch comes. Default 0.9. */
  readonly beta?: number;
  /** Weight of the covariance contrast. Default 20. */
  readonly rho?: number;
  /** The running second moments of the batches before, `[D, D]`, a constant. Default 0. */
  readonly covariance?: TensorArg;
}

/**
 * Transformation invariance and covariance contrast: `loss_i = 1 - cos(a_i, b_i) + rho u_i^T C u_i`, u the unit vectors of the first view and `C = beta
 * covariance + (1 - beta) u^T u / N` their running second moments.
 *
 * Shapes: embeddings of two views `[N, D]`, to a scalar, or `[N]` with `reduction: "none"`. `1 - cos` is half the squared distance of the unit vectors:
 * views that nearly agree keep their tiny loss.
 * Source: Zhu et al., "TiCo" (2022), arXiv 2206.10698; rho is the default of lightly.
 * @throws ShapeError; ArgumentError for a beta outside [0, 1].
 * @example tiCoLoss([[1, 0], [0, 1]], [[1, 0], [1, 0]], { rho: 8 }).item() // 0.8999999761581421
 */
export const tiCoLoss = /* @__PURE__ */ lossFunction(OP, (a: TensorArg, b: TensorArg, options: TiCoLossOptions) => {
  const { beta = 0.9, rho = 20, covariance } = options;
  checkOption(OP, "beta", beta, "from 0 to 1", beta >= 0 && beta <= 1);
  const [x, y] = twoViews(OP, { a, b });
  const [u, v] = [unitRows(x), unitRows(y)];
  const now = moments(u).mul(1 - beta);
  const running = covariance === undefined ? now : now.add(previous(covariance, now).mul(beta));
  return unitDistance(u, v)
    .mul(0.5)
    .add(rowProducts(u.matmul(running), u).mul(rho));
});

function previous(covariance: TensorArg, now: Tensor): Tensor {
  const given = asTensor(covariance).detach().to(now.dtype);
  checkSameShape(OP, { "the batch's covariance": now, covariance: given });
  return given;
}

/** `u^T u / N`. */
function moments(u: Tensor): Tensor {
  return u.t().matmul(u).div(u.shape[0]!);
}

/**
 * `tiCoLoss` with its covariance as state, which every call updates.
 * @throws as `tiCoLoss` does; ArgumentError for a dim that is no whole number above 0.
 */
export class TiCoLoss extends Callable {
  /** `[D, D]`. Save and restore it with the model. */
  readonly covariance: Tensor;
  readonly options: Omit<TiCoLossOptions, "covariance">;

  /** @param dim dimensions D of an embedding. */
  constructor(dim: number, options: Omit<TiCoLossOptions, "covariance"> = {}) {
    super();
    checkOption("TiCoLoss", "dim", dim, "a whole number above 0", Number.isInteger(dim) && dim > 0);
    this.options = options;
    this.covariance = keep(zeros([dim, dim]));
  }

  override forward(a: TensorArg, b: TensorArg): Tensor {
    const x = asTensor(a);
    const loss = tiCoLoss(x, b, { ...this.options, covariance: this.covariance.clone() });
    if (!isTracing() && x.size > 0) this.#update(x);
    return loss;
  }

  #update(a: Tensor): void {
    const { beta = 0.9 } = this.options;
    noGrad(() =>
      tidy(() => {
        const [x] = realDoubles(a.detach());
        const now = moments(unitRows(x)).mul(1 - beta);
        this.covariance.copy_(this.covariance.to("float64").mul(beta).add(now));
      }),
    );
  }
}
