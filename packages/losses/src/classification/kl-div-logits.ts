import {
  apply,
  asTensor,
  expm1,
  formatShape,
  isfinite,
  log1p,
  logSumExp,
  normalizeDim,
  type OneOutput,
  ShapeError,
  sameShape,
  softmax,
  softplus,
  type Tensor,
  type TensorArg,
  unsqueeze,
  where,
} from "@tenon/numerics";
import { expRemainder } from "../alignment/exp-remainder.ts";
import { doubles } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { ReductionOptions } from "../core/reduction.ts";

const OP = "klDivLogits";

export interface KLDivLogitsOptions extends ReductionOptions {
  /** Where the classes lie. Default 1, or 0 for a single row. */
  readonly dim?: number;
}

/**
 * Kullback-Leibler divergence between the distributions of two tensors of logits: `loss = sum over c of p_c (log p_c - log q_c)`, q = softmax(input), the model's, and p =
 * softmax(target).
 *
 * Shapes: input and target `[C]`, `[N, C]` or `[N, C, d1, ...]` alike; to a scalar, the mean over the rows, or `[]`, `[N]`, `[N, d1, ...]` with
 * `reduction: "none"`. Never negative, and exact however close the distributions are: 1e-3 between logits shows as 1e-7, where a sum of `p log(p / q)` has only noise. Gradients towards both
 * sides are finite for finite logits: `q - p` and `p_c (log p_c - log q_c - loss)`, both without cancellation. A target logit of -Infinity excludes its class; an input logit of -Infinity for a class
 * that is not excluded costs infinity, with gradient `q - p` and 0.
 * @throws ShapeError unless the shapes agree.
 * @example klDivLogits([[1, 2]], [[1, 2.001]]).item() // 9.826143099189721e-8
 */
export const klDivLogits = /* @__PURE__ */ lossFunction(
  OP,
  (input: TensorArg, target: TensorArg, { dim }: KLDivLogitsOptions) => {
    const [x, t] = [asTensor(input), asTensor(target)];
    if (!sameShape(x.shape, t.shape) || x.ndim === 0) {
      throw new ShapeError({
        op: OP,
        rule: "input and target must be logits of the same rows",
        received: `input ${formatShape(x.shape)}, target ${formatShape(t.shape)}`,
        expected: "the same shape, with a dimension of classes",
      });
    }
    const at = normalizeDim(OP, dim ?? Math.min(1, x.ndim - 1), x.ndim);
    return apply(definition, doubles(x, t), { dim: at });
  },
);

/** `klDivLogits` with its options kept. */
export const KLDivLogitsLoss = /* @__PURE__ */ lossClass("KLDivLogitsLoss", klDivLogits);

interface Dim {
  readonly dim: number;
}

const NONE = Number.NEGATIVE_INFINITY;

/** p, the mean of `w = input - target` under it, and `v = w - mean`, which is `log q - log p` but for a constant; 0 for excluded classes. */
function differences(x: Tensor, t: Tensor, dim: number) {
  const meant = t.ne(NONE);
  const p = softmax(t, dim);
  const w = where(meant, x, 0).sub(where(meant, t, 0));
  const mean = where(p.eq(0), 0, p)
    .mul(where(p.eq(0), 0, w))
    .sum(dim, { keepdim: true });
  return { meant, p, mean, v: where(meant, w.sub(mean), 0) };
}

/**
 * The divergence is `log E[e^v] = log(1 + E[e^v - 1 - v])`, E the mean under p: all terms are 0 or more, so that nothing cancels. Mass m that q has where p
 * has none adds `-log(1 - m)`.
 */
function divergence(x: Tensor, t: Tensor, dim: number): Tensor {
  const { meant, p, mean, v } = differences(x, t, dim);
  const near = v.abs().le(1);
  const total = logSumExp(t, dim, { keepdim: true });
  const grown = where(meant, v.add(t.sub(total)), NONE).exp();
  const far = grown.sub(where(p.eq(0), 0, p.mul(v.add(1))));
  const excess = where(near, p.mul(expRemainder(where(near, v, 0), 1)), far).sum(dim);
  const within = logSumExp(where(meant, x, NONE), dim, { keepdim: true });
  // e^v may leave float64 although its logarithm does not.
  const apart = within.sub(total).sub(mean).squeeze(dim);
  const outside = logSumExp(where(meant, NONE, x), dim).sub(within.squeeze(dim));
  const rest = softplus(outside, { threshold: Number.POSITIVE_INFINITY });
  return where(isfinite(excess), log1p(excess), apart).add(where(meant.all(dim), 0, rest));
}

const definition: OneOutput<Dim> = {
  name: OP,
  shape: ([x], { dim }) => ({ shape: x!.shape.filter((_, i) => i !== dim), dtype: x!.dtype }),
  forward: (_k, [x, t], { dim }) => divergence(x!, t!, dim),
  gradient: ({ inputs: [x, t], outputs: [y], dy, attrs: { dim }, needs }) => {
    const { p, v } = differences(x!, t!, dim);
    const g = unsqueeze(dy, dim);
    const growth = v.sub(unsqueeze(y!, dim));
    const near = growth.abs().le(1);
    const change = where(near, p.mul(expm1(where(near, growth, 0))), softmax(x!, dim).sub(p));
    const turn = where(p.eq(0).logicalOr(isfinite(v).logicalNot()), 0, p.mul(v.neg()));
    return [needs[0] ? change.mul(g) : null, needs[1] ? turn.mul(g) : null];
  },
  saves: { inputs: "all", outputs: "all" },
  onnx: (g, [x, t], { dim }) => {
    const logP = g.node("LogSoftmax", [t!], { axis: dim });
    const difference = g.node("Sub", [logP, g.node("LogSoftmax", [x!], { axis: dim })]);
    const terms = g.node("Mul", [g.node("Exp", [logP]), difference]);
    return g.node("ReduceSum", [terms, g.ints([dim])], { keepdims: 0 });
  },
};
