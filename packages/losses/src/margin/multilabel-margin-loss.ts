import {
  ArgumentError,
  asIndexTensor,
  asTensor,
  formatShape,
  gather,
  IndexOutOfRangeError,
  isTracing,
  narrow,
  relu,
  ShapeError,
  sameShape,
  scatterAdd,
  type Tensor,
  type TensorArg,
  unsqueeze,
  where,
  zerosLike,
} from "@tenon/numerics";
import { doubles } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { ReductionOptions } from "../core/reduction.ts";

const OP = "multilabelMarginLoss";

/**
 * Hinge loss over several right classes a row: `loss = sum over j right, i wrong of max(0, 1 - (input[j] - input[i])) / C`.
 *
 * Shapes: input `[C]` or `[N, C]`; target (integers) alike: each row lists its right classes, closed by the first -1, behind which nothing counts; to a
 * scalar, or one loss a row with `reduction: "none"`. A row without right classes costs 0; a class that is listed twice counts twice. A pair exactly at
 * the margin has slope 0. Memory: N C times the most right classes of a row.
 * Source: Weston and Watkins (1999) with several right classes, as PyTorch has it.
 * @throws ShapeError unless input and target are alike; IndexOutOfRangeError for a target that is no class; ArgumentError without classes.
 * @example multilabelMarginLoss([[0.125, 0.25, 0.5, 0.75]], [[3, 0, -1, 1]]).item() // 0.9375
 */
export const multilabelMarginLoss = /* @__PURE__ */ lossFunction(
  OP,
  (input: TensorArg, target: TensorArg, _options: ReductionOptions) => {
    const [x, t] = [asTensor(input), asIndexTensor(target).to("int64")];
    checkLabels(x, t);
    // A single score is one class.
    return x.ndim === 0 ? rowLosses(x.reshape([1]), t.reshape([1])) : rowLosses(x, t);
  },
);

/** `multilabelMarginLoss` with its options kept. */
export const MultiLabelMarginLoss = /* @__PURE__ */ lossClass("MultiLabelMarginLoss", multilabelMarginLoss);

function rowLosses(input: Tensor, target: Tensor): Tensor {
  const [x] = doubles(input);
  const listed = target.eq(-1).to("int64").cumsum(-1).eq(0);
  const classes = where(listed, target, 0);
  const right = scatterAdd(zerosLike(x), -1, classes, listed.to(x.dtype)).gt(0);
  const width = isTracing() ? target.shape.at(-1)! : mostListed(listed);
  const own = narrow(listed, -1, 0, width);
  const scores = gather(x, -1, narrow(classes, -1, 0, width));
  const pairs = unsqueeze(own, -1).logicalAnd(unsqueeze(right, -2).logicalNot());
  const violations = relu(unsqueeze(x, -2).sub(unsqueeze(scores, -1)).add(1));
  return where(pairs, violations, 0).sum([-2, -1]).div(x.shape.at(-1)!);
}

/** The most right classes of a row: what lies behind is not looked at. */
function mostListed(listed: Tensor): number {
  if (listed.size === 0) return 1;
  return Math.max(1, Number(listed.to("int64").sum(-1).max().item()));
}

function checkLabels(input: Tensor, target: Tensor): void {
  if (input.ndim > 2 || !sameShape(input.shape, target.shape)) {
    throw new ShapeError({
      op: OP,
      rule: "there must be as many labels as scores",
      received: `input ${formatShape(input.shape)}, target ${formatShape(target.shape)}`,
      expected: "[C] or [N, C], both alike",
    });
  }
  const classes = input.shape.at(-1) ?? 1;
  if (classes === 0) {
    throw new ArgumentError({ op: OP, rule: "there are no classes", received: formatShape(input.shape) });
  }
  if (isTracing() || target.size === 0) return;
  const flat = target.flatten();
  const outside = flat.lt(-1).logicalOr(flat.ge(classes));
  if (outside.any().item() === false) return;
  const at = outside.to("int64").argmax().item() as number;
  throw new IndexOutOfRangeError({
    op: OP,
    rule: "a target is not a class",
    received: `${flat.select(0, at).item()} at position ${at}`,
    expected: `0 to ${classes - 1}, or -1 behind the last`,
  });
}
