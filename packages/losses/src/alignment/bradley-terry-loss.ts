import type { TensorArg } from "@tenon/numerics";
import { checkSameShape } from "../core/check-same-shape.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { oneOrEach } from "../core/option-tensor.ts";
import { realDoubles } from "../core/real-doubles.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { logisticLoss } from "./preference.ts";

const OP = "bradleyTerryLoss";

export interface BradleyTerryLossOptions extends ReductionOptions {
  /** By how much the chosen reward should be the greater, for all pairs or for each. Default 0. */
  readonly margin?: TensorArg;
  /** Weight of `(chosen + rejected)^2`, which keeps the rewards around 0. Default 0. */
  readonly centering?: number;
}

/**
 * Bradley-Terry loss of a reward model: `loss = -log sigmoid(chosen - rejected - margin) + centering (chosen + rejected)^2`.
 *
 * Shapes: rewards of the chosen and of the rejected answers, any shape `[...S]` for both; to a scalar, or `[...S]` with `reduction: "none"`.
 *
 * `-log sigmoid` is finite wherever the rewards are and keeps the tiny loss of pairs that are clearly right.
 * Source: Bradley and Terry (1952); with margins Touvron et al., "Llama 2" (2023), arXiv 2307.09288; centred rewards Eisenstein et al. (2023),
 * arXiv 2312.09244.
 * @throws ShapeError if the rewards differ in shape, or a margin for each pair from theirs.
 * @example bradleyTerryLoss([2, 1], [0, 1]).item() // 0.4100376069545746
 */
export const bradleyTerryLoss = /* @__PURE__ */ lossFunction(
  OP,
  (chosen: TensorArg, rejected: TensorArg, { margin, centering = 0 }: BradleyTerryLossOptions) => {
    const [w, l] = realDoubles(chosen, rejected);
    checkSameShape(OP, { chosen: w, rejected: l });
    const difference = w.sub(l);
    const loss = logisticLoss(
      margin === undefined ? difference : difference.sub(oneOrEach(OP, { margin }, { chosen: w })),
    );
    return centering === 0 ? loss : loss.add(w.add(l).square().mul(centering));
  },
);

/** `bradleyTerryLoss` with its options kept. */
export const BradleyTerryLoss = /* @__PURE__ */ lossClass("BradleyTerryLoss", bradleyTerryLoss);
