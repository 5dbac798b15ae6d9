import { classDim, logSumExp, type Tensor, type TensorArg } from "@tenon/numerics";
import { defineClassLoss } from "../core/define-class-loss.ts";
import { doubles } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { checkNotNegative } from "./logistic.ts";

export interface ZLossOptions {
  /** Default 1e-4, PaLM's; ST-MoE has 1e-3 for its router. */
  readonly coefficient?: number;
  /** Where the classes lie. Default 1, or 0 for a single row. */
  readonly dim?: number;
}

/**
 * Keeps a softmax's normaliser near 1: `loss = coefficient * logSumExp(logits)^2`, one for each row of logits. To be added to a cross entropy.
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; to a scalar, or the shape without classes with `reduction: "none"`.
 * Source: Chowdhery et al., "PaLM" (2022), arXiv 2204.02311; Zoph et al., "ST-MoE" (2022), arXiv 2202.08906.
 * @throws ArgumentError for a negative coefficient; ShapeError for a scalar.
 * @example zLoss([[1, 1]], { coefficient: 1 }).item() // 2.8667473793029785
 */
export const zLoss = /* @__PURE__ */ lossFunction(
  "zLoss",
  (input: TensorArg, { coefficient = 1e-4, dim }: ZLossOptions): Tensor => {
    checkNotNegative("zLoss", { coefficient });
    const [x] = doubles(input);
    return logSumExp(x, classDim("zLoss", x, dim))
      .square()
      .mul(coefficient);
  },
);

/** `zLoss` with its options kept. */
export const ZLoss = /* @__PURE__ */ lossClass("ZLoss", zLoss);

export interface CrossEntropyWithZLossOptions {
  /** Factor of the squared logSumExp. Default 1e-4. */
  readonly coefficient: number;
}

/**
 * Cross entropy with `zLoss` in each row: `loss = -log softmax(z)_y + coefficient * logSumExp(z)^2`.
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; target class indices `[]`, `[N]`, `[N, d1, ...]`; to a scalar, or the target's shape with
 * `reduction: "none"`. Class weights and ignored rows hold for both parts.
 * Source: Chowdhery et al., "PaLM" (2022), arXiv 2204.02311.
 * @throws ArgumentError for a negative coefficient; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example crossEntropyWithZLoss([[1, 1]], [0]).item() // 0.6934338808059692
 */
export const crossEntropyWithZLoss = /* @__PURE__ */ defineClassLoss<CrossEntropyWithZLossOptions>(
  "crossEntropyWithZLoss",
  (rows, { coefficient }) => rows.crossEntropy().add(logSumExp(rows.logits, rows.dim).square().mul(coefficient)),
  {
    defaults: { coefficient: 1e-4 },
    check: (_rows, { coefficient }) => checkNotNegative("crossEntropyWithZLoss", { coefficient }),
  },
);

/** `crossEntropyWithZLoss` with its options kept. */
export const CrossEntropyWithZLoss = /* @__PURE__ */ lossClass("CrossEntropyWithZLoss", crossEntropyWithZLoss);
