import { softmaxCrossEntropy, type TensorArg } from "@tenon/numerics";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { crossEntropyRows } from "./cross-entropy-rows.ts";

const OP = "crossEntropy";

export interface CrossEntropyOptions extends ReductionOptions {
  /** Factor of each class, `[C]`. Default none. */
  readonly weight?: TensorArg;
  /** Factor of each row, in the shape of class indices. Default none. */
  readonly sampleWeight?: TensorArg;
  /** Rows with this target have loss and gradient 0 and do not count in the mean. Default -100. */
  readonly ignoreIndex?: number;
  /** Share of every target that is spread over the classes. Default 0. */
  readonly labelSmoothing?: number;
  /** Which classes the smoothing goes to: all, the right one included, as PyTorch and the paper have it, or the others only. Default "all". */
  readonly smoothingSpread?: "all" | "others";
  /**
   * What `weight` does to the smoothed part. "class": each class has its own weight there too, as PyTorch has it, which moves the optimum away from the
   * smoothed target. "sample": the whole row has the weight of its target. Default "class".
   */
  readonly smoothingWeights?: "class" | "sample";
  /** Which classes exist (bool, `[C]` or the input's shape): the others leave the softmax and the smoothing. Default all. */
  readonly classMask?: TensorArg;
  /** What the mean divides by: the weights of the rows that count, or their number. Default "weights" for class indices, "count" for probabilities. */
  readonly normalize?: "weights" | "count";
  /** Where the classes lie. Default 1, or 0 for a single row. */
  readonly dim?: number;
}

/**
 * Cross entropy of logits: log-softmax and negative log likelihood in one, so that nothing is lost between them.
 *
 *     loss_n = -sum_c weight_c q_nc log softmax(x_n)_c,    q = (1 - s) target + s / C
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; target class indices (integers) `[]`, `[N]`, `[N, d1, ...]`, or probabilities (floats) of the
 * input's shape. Gives a scalar, or the indices' shape with `reduction: "none"`. "mean" divides by the sum of the weights of the targets
 * that are not ignored; for probabilities by the number of rows.
 *
 * Why the softmax lives inside: `log(softmax(x))` overflows or gives log(0) for large logits, and rounds a confident
 * prediction's loss to 0. Here `[20, 0]` with target 0 gives 2.0611536e-9, and the gradient with it.
 * Source: Good, "Rational Decisions" (1952); label smoothing: Szegedy et al., "Rethinking the Inception Architecture" (2015), arXiv 1512.00567.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class; ArgumentError for a smoothing outside 0 to 1.
 * Differs from PyTorch: exact for confident rows; rows with infinite logits give their limits instead of NaN; 0 log 0 = 0; the
 * class dimension can be chosen; `onEmpty` chooses the mean of nothing.
 * @example crossEntropy([[20, 0]], [0]).item() // 2.06115369216775e-9
 */
export const crossEntropy = /* @__PURE__ */ lossFunction(
  OP,
  (input: TensorArg, target: TensorArg, options: CrossEntropyOptions) => crossEntropyRows(OP, input, target, options),
  {
    fused: (input, target, options) => {
      if (!isPlain(options)) return undefined;
      const { weight, ignoreIndex, labelSmoothing, dim, reduction } = options;
      return softmaxCrossEntropy(input, target, given({ weight, ignoreIndex, labelSmoothing, dim, reduction, op: OP }));
    },
  },
);

/** `crossEntropy` with its options kept. */
export const CrossEntropyLoss = /* @__PURE__ */ lossClass("CrossEntropyLoss", crossEntropy);

/** Whether the kernel does all that is asked, the mean included. */
function isPlain(options: CrossEntropyOptions): boolean {
  return (
    options.sampleWeight === undefined &&
    options.classMask === undefined &&
    options.normalize === undefined &&
    (options.smoothingSpread ?? "all") === "all" &&
    (options.smoothingWeights ?? "class") === "class"
  );
}

function given<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
