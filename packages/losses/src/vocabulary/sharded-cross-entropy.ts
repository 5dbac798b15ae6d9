import {
  arange,
  asIndexTensor,
  formatShape,
  gather,
  IndexOutOfRangeError,
  isTracing,
  logSumExp,
  ShapeError,
  stack,
  type Tensor,
  type TensorArg,
  unsqueeze,
  where,
} from "@tenon/numerics";
import { doubles } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { Losses, ReductionOptions } from "../core/reduction.ts";
import { softplus } from "../core/softplus.ts";

const OP = "shardedCrossEntropy";

/** Stands for -infinity: e to it is 0, too, and a row of nothing else still has a gradient, which is 0 and not NaN. */
const NOTHING = -1e38;

export interface ShardedCrossEntropyOptions extends ReductionOptions {
  /** Rows with this target have loss and gradient 0 and do not count in the mean. Default -100. */
  readonly ignoreIndex?: number;
}

/**
 * Cross entropy of logits whose classes lie in several tensors: shard k holds the classes after those of the shards before it. The logits are never joined: each shard
 * gives its `logSumExp`, the owner of the target its logit, and one `logSumExp` over the shards ends it, as processes that share a vocabulary do it.
 *
 * Shapes: shards `[N, C_k]`; target class indices `[N]` of the joined classes; to a scalar, or `[N]` with `reduction: "none"`.
 * Source: Shoeybi et al., "Megatron-LM" (2019), arXiv 1909.08053, section 3.
 * @throws ShapeError for shards that do not fit each other or the target; IndexOutOfRangeError for a target that is no class.
 * @example shardedCrossEntropy([tensor([[1000, 0]]), tensor([[0]])], [1]).item() // 1000
 */
export const shardedCrossEntropy = /* @__PURE__ */ lossFunction(
  OP,
  (given: readonly Tensor[], target: TensorArg, { ignoreIndex = -100 }: ShardedCrossEntropyOptions): Losses => {
    const t = asIndexTensor(target).to("int64");
    // A shard may have no classes left.
    const shards = given.filter((shard) => shard.shape[1] !== 0);
    const owned = owners(shards, t, ignoreIndex);
    const kept = t.ne(ignoreIndex);
    const logits = shards.map((shard) => doubles(shard)[0]);
    const atTarget = owned
      .map(({ mine, place }, k) => where(mine, gather(logits[k]!, 1, unsqueeze(place, 1)).squeeze(1), 0))
      .reduce((a, b) => a.add(b));
    // Relative to the target's logit, and without it: the loss is log(1 + e^others), which keeps what a confident row has left.
    const others = logits.map((z, k) => logSumExp(relative(z, atTarget, owned[k]!), 1));
    return { losses: where(kept, softplus(logSumExp(stack(others, 1), 1)), 0), divisor: kept.to("float64").sum() };
  },
);

/** `shardedCrossEntropy` with its options kept. */
export const ShardedCrossEntropyLoss = /* @__PURE__ */ lossClass("ShardedCrossEntropyLoss", shardedCrossEntropy);

interface Owner {
  /** Which rows have their target in this shard, `[N]`. */
  readonly mine: Tensor;
  /** Where it lies there; 0 for other rows. */
  readonly place: Tensor;
}

function relative(z: Tensor, atTarget: Tensor, { mine, place }: Owner): Tensor {
  const isTarget = arange(0, z.shape[1]!, 1, { dtype: "int64" }).eq(unsqueeze(place, 1)).logicalAnd(unsqueeze(mine, 1));
  const absent = isTarget.logicalOr(z.eq(Number.NEGATIVE_INFINITY));
  return where(absent, NOTHING, z.sub(unsqueeze(atTarget, 1)).clamp({ min: NOTHING }));
}

function owners(shards: readonly Tensor[], t: Tensor, ignoreIndex: number): Owner[] {
  const rows = shards[0]?.shape[0];
  if (
    rows === undefined ||
    t.ndim !== 1 ||
    shards.some((z) => z.ndim !== 2 || z.shape[0] !== rows) ||
    t.size !== rows
  ) {
    throw new ShapeError({
      op: OP,
      rule: "shards and target must have the same rows",
      received: `shards ${shards.map((z) => formatShape(z.shape)).join(", ") || "none"}, target ${formatShape(t.shape)}`,
      expected: "shards [N, C_k] and a target [N]",
    });
  }
  const starts = shards.map((_, k) => shards.slice(0, k).reduce((sum, z) => sum + z.shape[1]!, 0));
  const classes = starts.at(-1)! + shards.at(-1)!.shape[1]!;
  checkTargets(t, classes, ignoreIndex);
  return shards.map((z, k) => {
    const local = t.sub(starts[k]!);
    const mine = local.ge(0).logicalAnd(local.lt(z.shape[1]!)).logicalAnd(t.ne(ignoreIndex));
    return { mine, place: where(mine, local, 0) };
  });
}

function checkTargets(t: Tensor, classes: number, ignoreIndex: number): void {
  if (isTracing()) return;
  const values = t.data() as BigInt64Array;
  const at = values.findIndex((v) => v !== BigInt(ignoreIndex) && (v < 0n || v >= BigInt(classes)));
  if (at < 0) return;
  throw new IndexOutOfRangeError({
    op: OP,
    rule: "a target is not a class",
    received: `${values[at]} at position ${at}`,
    expected: `0 to ${classes - 1}, or ignoreIndex (${ignoreIndex})`,
  });
}
