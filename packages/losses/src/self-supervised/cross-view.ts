import { cat, isTracing, softmaxCrossEntropy, stack, type Tensor, zeros } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import type { Losses } from "../core/reduction.ts";

/**
 * Cross entropy of every view against the targets of every other view. logits `[V, N, D]`, targets (probabilities, constants) `[T, N, D]` of the first
 * T views; losses `[V, N]`, each the sum over the targets of other views. The divisor is the number of pairs.
 *
 * Cross entropy is linear in its target, so that one row of it against the mean of the targets does for all of them.
 */
export function crossViewLosses(logits: Tensor, targets: Tensor): Losses {
  const [views, n] = logits.shape as [number, number];
  const given = targets.shape[0]!;
  const all = given < views ? targets.mean(0) : undefined;
  const rows: Tensor[] = [];
  for (let v = 0; v < views; v++) {
    const others = v < given ? given - 1 : given;
    if (others === 0) {
      rows.push(zeros([n], { dtype: logits.dtype }));
      continue;
    }
    const target = v < given ? withoutView(targets, v).mean(0) : all!;
    rows.push(rowEntropy(logits.select(0, v), target).mul(others));
  }
  return { losses: stack(rows, 0), divisor: n * (views * given - Math.min(views, given)) };
}

function withoutView(targets: Tensor, view: number): Tensor {
  const last = targets.shape[0]! - view - 1;
  const before = targets.narrow(0, 0, view);
  return cat([before, targets.narrow(0, view + 1, last)], 0);
}

/** `-sum q log softmax(z)` of each row, fused: the log-softmax is not stored. */
export function rowEntropy(logits: Tensor, target: Tensor): Tensor {
  return softmaxCrossEntropy(logits, target.detach().to(logits.dtype), {
    dim: logits.ndim - 1,
    reduction: "none",
    exactRows: !isTracing(),
  });
}

/** @throws ArgumentError unless the targets' views are some of the logits' ones. */
export function checkViews(op: string, views: number, given: number): void {
  checkOption(op, "the number of views with targets", given, `from 1 to ${views}`, given >= 1 && given <= views);
}
