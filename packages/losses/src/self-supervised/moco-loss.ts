import {
  asTensor,
  Callable,
  cat,
  isTracing,
  softmaxCrossEntropy,
  type Tensor,
  type TensorArg,
  zeros,
} from "@tenon/numerics";
import { checkPositive } from "../core/check-option.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { rowProducts, unitRows } from "../metric/unit-rows.ts";
import { MemoryBank, type MemoryBankOptions } from "./memory-bank.ts";
import { checkColumns, twoViews } from "./two-views.ts";

const OP = "mocoLoss";

export interface MoCoLossOptions extends ReductionOptions {
  /** What cosines are divided by. Default 0.07. */
  readonly temperature?: number;
}

/**
 * Momentum contrast: InfoNCE of a query and its key against a queue of other keys.
 *
 *     loss_i = -log(e^(cos(q_i, k_i) / t) / (e^(cos(q_i, k_i) / t) + sum_j e^(cos(q_i, queue_j) / t)))
 *
 * Shapes: queries and keys `[N, D]`, queue `[K, D]`, to a scalar, or `[N]` with `reduction: "none"`. No gradient flows into keys and queue. Fused cross
 * entropy: a query that is far closer to its key than to all others keeps its tiny loss.
 * Source: He et al., "Momentum Contrast for Unsupervised Visual Representation Learning" (2019), arXiv 1911.05722; the loss is that of van den Oord et al.
 * (2018), arXiv 1807.03748.
 * @throws ShapeError; ArgumentError for a temperature that is not positive.
 * @example mocoLoss([[1, 0]], [[1, 0]], [[0, 1], [-1, 0]], { temperature: 0.5 }).item() // 0.14293162524700165
 */
export const mocoLoss = /* @__PURE__ */ lossFunction(
  OP,
  (query: TensorArg, key: TensorArg, queue: TensorArg, { temperature = 0.07 }: MoCoLossOptions) => {
    checkPositive(OP, "temperature", temperature);
    const [q, k] = twoViews(OP, { query, key });
    const [others] = realDoubles(queue);
    checkColumns(OP, "queue", others, q.shape[1]!, "the queries");
    const [u, v, w] = [unitRows(q), unitRows(k.detach()), unitRows(others.detach().to(q.dtype))];
    const logits = cat([rowProducts(u, v).unsqueeze(1), u.matmul(w.t())], 1).div(temperature);
    const first = zeros([q.shape[0]!], { dtype: "int64" });
    return softmaxCrossEntropy(logits, first, { dim: 1, reduction: "none", exactRows: !isTracing(), op: OP });
  },
);

/**
 * `mocoLoss` with its queue: `forward(query, key)` gives the loss against the keys of earlier batches, then puts these keys in.
 * @throws as `mocoLoss` and `MemoryBank` do.
 */
export class MoCoLoss extends Callable {
  readonly bank: MemoryBank;
  readonly options: MoCoLossOptions;

  /** @param size keys that the queue holds; @param dim dimensions D of an embedding. */
  constructor(size: number, dim: number, options: MoCoLossOptions & MemoryBankOptions = {}) {
    super();
    const { generator, ...rest } = options;
    this.options = rest;
    this.bank = new MemoryBank(size, dim, generator === undefined ? {} : { generator });
  }

  override forward(query: TensorArg, key: TensorArg): Tensor {
    const k = asTensor(key);
    const loss = mocoLoss(query, k, this.bank.snapshot(), this.options);
    this.bank.enqueue(k);
    return loss;
  }
}
