import { isFloatingPoint } from "../dtype.ts";
import type { ClassLossAttrs } from "../families/class-loss.ts";
import { rowsShape } from "../families/class-loss.ts";
import { sizeOfShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { div } from "./div.ts";
import { logSoftmax } from "./log-softmax.ts";
import { mul } from "./mul.ts";
import { ne } from "./ne.ts";
import { neg } from "./neg.ts";
import { oneHot } from "./one-hot.ts";
import { movedim } from "./permute.ts";
import { reshape } from "./reshape.ts";
import { softmax, softmaxGrad } from "./softmax.ts";
import { unsqueeze } from "./squeeze.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";
import { to } from "./to.ts";
import { where } from "./where.ts";

/** weight * q for every class (rows that are ignored: 0), and the weights that the mean divides by. */
function masses(x: Tensor, target: Tensor, weight: Tensor | undefined, attrs: ClassLossAttrs) {
  const { dim, smoothing, ignoreIndex } = attrs;
  const classes = x.shape[dim]!;
  const weights =
    weight === undefined
      ? null
      : reshape(
          weight,
          x.shape.map((_, i) => (i === dim ? classes : 1)),
        );
  const weigh = (q: Tensor) => (weights === null ? q : mul(q, weights));
  const spread = (q: Tensor) => (smoothing === 0 ? q : add(mul(q, 1 - smoothing), smoothing / classes));
  if (isFloatingPoint(target.dtype)) {
    return { mass: weigh(spread(target)), divisor: sizeOfShape(rowsShape(x.shape, dim)), keep: null, weights };
  }
  const kept = ne(target, ignoreIndex);
  const hot = to(movedim(oneHot(where(kept, target, 0), { numClasses: classes }), -1, dim), x.dtype);
  const keep = to(unsqueeze(kept, dim), x.dtype);
  return { mass: mul(weigh(spread(hot)), keep), divisor: sum(mul(weigh(hot), keep)), keep, weights };
}

/** dy for each row, divided as the reduction asks, broadcastable to the logits. */
function perRow(dy: Tensor, divisor: Tensor | number, attrs: ClassLossAttrs): Tensor {
  if (attrs.reduction === "none") return unsqueeze(dy, attrs.dim);
  return attrs.reduction === "mean" ? div(dy, divisor) : dy;
}

/** Derivatives of cross entropy's gradient, in operations: for higher derivatives, where speed is not the point. */
export const crossEntropySecondGradient = {
  /** With respect to probability targets: `-weight (1 - s) log softmax(x) dy`. */
  target([x, target, weight]: readonly Tensor[], dy: Tensor, attrs: ClassLossAttrs): Tensor | null {
    if (!isFloatingPoint(target!.dtype)) return null;
    const { divisor, weights } = masses(x!, target!, weight, attrs);
    const terms = mul(neg(logSoftmax(x!, attrs.dim)), perRow(mul(dy, 1 - attrs.smoothing), divisor, attrs));
    return weights === null ? terms : mul(terms, weights);
  },

  /** For dx = r (p M - mass), M the row's mass: with respect to dy, x and the target, given the gradient `v` of dx. */
  logits(g: Tensor, [x, target, weight]: readonly Tensor[], v: Tensor, attrs: ClassLossAttrs): (Tensor | null)[] {
    const { mass, divisor, weights } = masses(x!, target!, weight, attrs);
    const along = (t: Tensor) => sum(t, attrs.dim, { keepdim: true });
    const p = softmax(x!, attrs.dim);
    const total = along(mass);
    const r = perRow(g, divisor, attrs);
    const unit = along(mul(sub(mul(p, total), mass), v));
    const toDy =
      attrs.reduction === "none" ? reshape(unit, g.shape) : sum(attrs.reduction === "mean" ? div(unit, divisor) : unit);
    const toX = mul(mul(softmaxGrad(p, v, attrs.dim), total), r);
    if (!isFloatingPoint(target!.dtype)) return [toDy, toX, null];
    const terms = mul(mul(sub(along(mul(p, v)), v), r), 1 - attrs.smoothing);
    return [toDy, toX, weights === null ? terms : mul(terms, weights)];
  },
};
