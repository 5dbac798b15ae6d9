import { checkLevels } from "../core/check-option.ts";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";

export interface ExpectileLossOptions {
  /** Weight of targets above the input, between 0 and 1; those below weigh 1 - expectile. Default 0.5, half the squared error. */
  readonly expectile: number;
}

/**
 * Expectile loss, a lopsided squared error, least at an expectile of the target: `expectile e^2` for e > 0, `(1 - expectile) e^2` for e < 0, e = target -
 * input.
 *
 * Shapes: input and target alike (or one stretched to the other's), to a scalar, or the same shape with `reduction: "none"`.
 * Source: Newey and Powell, "Asymmetric Least Squares Estimation and Testing" (1987); in reinforcement learning, Kostrikov et al., arXiv 2110.06169.
 * @throws ArgumentError unless expectile lies between 0 and 1; ShapeError if the shapes would stretch each other (`broadcast: true` allows it).
 * @example expectileLoss([0, 0], [2, -2], { expectile: 0.75, reduction: "none" }).toArray() // [3, 1]
 */
export const expectileLoss = /* @__PURE__ */ defineLoss<ExpectileLossOptions>(
  "expectileLoss",
  (input, target, { expectile }) => {
    const e = target.sub(input);
    return e
      .relu()
      .square()
      .mul(expectile)
      .add(
        e
          .neg()
          .relu()
          .square()
          .mul(1 - expectile),
      );
  },
  {
    defaults: { expectile: 0.5 },
    check: (_input, _target, { expectile }) => checkLevels("expectileLoss", "expectile", [expectile]),
  },
);

/** `expectileLoss` with its options kept. */
export const ExpectileLoss = /* @__PURE__ */ lossClass("ExpectileLoss", expectileLoss);
