import {
  ArgumentError,
  asTensor,
  broadcastShapes,
  formatShape,
  isTracing,
  ShapeError,
  sameShape,
  type Tensor,
  type TensorArg,
  where,
} from "@tenon/numerics";
import { doubles } from "./doubles.ts";
import { type Loss, lossFunction } from "./loss-function.ts";
import type { Losses, ReductionOptions } from "./reduction.ts";

export interface ElementwiseLossOptions extends ReductionOptions {
  /** Factor of every single loss; any shape that broadcasts to the losses'. Default none. */
  readonly weight?: TensorArg;
  /** Which losses count (bool; any shape that broadcasts): the others are 0, have no gradient and are not in the mean's divisor. Default all. */
  readonly mask?: TensorArg;
  /** What the mean divides by where there are weights: the number of losses, or the weights' sum. Default as PyTorch for this loss. */
  readonly normalize?: "count" | "weights";
  /** Allows shapes that stretch each other, as [N, 1] and [N] do to [N, N]. Default false. */
  readonly broadcast?: boolean;
  /** Whether to look at every target's value and refuse what this loss has no meaning for. PyTorch does not look. Default false. */
  readonly checkTarget?: boolean;
}

/** The values that targets may have. */
export type TargetRange = "probability" | "sign" | "count";

/** What a loss may state besides its formula. */
export interface LossSettings<O> {
  /** Values of its own options where the caller gives none. */
  readonly defaults?: O;
  /** Throws a typed error for options or tensors that cannot be used. */
  readonly check?: (input: Tensor, target: Tensor, options: O) => void;
  /**
   * The reduced loss in one pass, where an operation computes it without the single losses, and undefined where it does not; used where there are no
   * weights and no mask.
   */
  readonly fused?: (
    input: Tensor,
    target: Tensor,
    options: O & { readonly reduction: "mean" | "sum" },
  ) => Tensor | undefined;
  /** What the mean divides by if there are weights: the number of losses (as most of PyTorch's do), or the weights' sum. */
  readonly weightedMean?: "count" | "weights";
  /** Whether shapes must be the same, or may stretch one another to the greater of the two. Default "stretch". */
  readonly shapes?: "same" | "stretch";
  /** What `checkTarget` accepts: numbers from 0 to 1, -1 or 1, 0 or more. Default anything. */
  readonly targets?: TargetRange;
  /** "double": the formula gets float64 and the result is rounded once. "input": it is a kernel that does so itself. Default "double". */
  readonly precision?: "double" | "input";
}

/** An elementwise loss as a function: `loss(input, target, { reduction, weight, mask, ... })`. */
export type LossFunction<O> = Loss<[input: TensorArg, target: TensorArg], Partial<O> & ElementwiseLossOptions>;

/**
 * Defines a loss by its value for one element. Conversion, shape checks, weights, masks, reduction and the class form (`lossClass`) come with it; gradient
 * and ONNX form come from the operations in the formula. It runs in float64, whatever the inputs are, and the result is rounded once.
 *
 * @param formula the losses, element by element; tensors arrive in shapes that fit each other.
 * @example
 * const absoluteError = defineLoss("absoluteError", (input, target) => input.sub(target).abs());
 * absoluteError([1, 2], [1, 4]).item() // 1
 */
export function defineLoss<O extends object = object>(
  name: string,
  formula: (input: Tensor, target: Tensor, options: O) => Tensor,
  settings: LossSettings<O> = {},
): LossFunction<O> {
  type Options = Partial<O> & ElementwiseLossOptions;
  const {
    defaults,
    check,
    fused,
    weightedMean = "count",
    shapes = "stretch",
    targets,
    precision = "double",
  } = settings;

  const prepare = (input: TensorArg, target: TensorArg, options: Options): [Tensor, Tensor, O] => {
    const given = [asTensor(input), asTensor(target)] as const;
    const [x, t] = precision === "double" ? doubles(...given) : given;
    checkShapes(name, x, t, shapes, options.broadcast ?? false);
    const own = { ...defaults, ...options } as unknown as O;
    const [safeX, safeT] = options.mask === undefined ? [x, t] : outsideMask(x, t, options.mask);
    check?.(safeX, safeT, own);
    if (options.checkTarget === true && targets !== undefined) checkTargets(name, safeT, targets);
    return [safeX, safeT, own];
  };

  const single = (input: TensorArg, target: TensorArg, options: Options): Losses => {
    const [x, t, own] = prepare(input, target, options);
    return weigh(formula(x, t, own), options, options.normalize ?? weightedMean);
  };

  return lossFunction(name, single, {
    ...(fused !== undefined && {
      fused: (input: TensorArg, target: TensorArg, options: Options & { readonly reduction: "mean" | "sum" }) => {
        if (options.weight !== undefined || options.mask !== undefined) return undefined;
        const [x, t, own] = prepare(input, target, options);
        return x.size === 0 ? undefined : fused(x, t, { ...own, reduction: options.reduction });
      },
    }),
  }) as LossFunction<O>;
}

// Where the mask is false both sides become a number that every loss is finite at, so that no NaN leaks through a product with 0.
function outsideMask(x: Tensor, t: Tensor, mask: TensorArg): [Tensor, Tensor] {
  const kept = asTensor(mask).to("bool");
  return [where(kept, x, 0.5), where(kept, t, 0.5)];
}

/** Weighted and masked losses with what their mean divides by. */
function weigh(losses: Tensor, options: ElementwiseLossOptions, normalize: "count" | "weights"): Losses {
  const { weight: weights, mask: masks } = options;
  if (weights === undefined && masks === undefined) return { losses };
  const weight = weights === undefined ? undefined : asTensor(weights).to(losses.dtype);
  const kept = masks === undefined ? undefined : asTensor(masks).to("bool");
  const weighted = weight === undefined ? losses : losses.mul(weight);
  const counted = kept === undefined ? weighted : where(kept, weighted, 0);
  if (weight !== undefined && normalize === "weights") {
    const share = weight.expand(counted.shape);
    return { losses: counted, divisor: (kept === undefined ? share : where(kept, share, 0)).sum() };
  }
  if (kept === undefined) return { losses: counted };
  return { losses: counted, divisor: kept.expand(counted.shape).to(losses.dtype).sum() };
}

function checkShapes(op: string, x: Tensor, y: Tensor, rule: "same" | "stretch", allowed: boolean): void {
  if (sameShape(x.shape, y.shape) || allowed) return;
  const shape = rule === "stretch" ? broadcastShapes(op, x.shape, y.shape) : undefined;
  if (shape !== undefined && (sameShape(shape, x.shape) || sameShape(shape, y.shape))) return;
  throw new ShapeError({
    op,
    rule: shape === undefined ? "input and target differ in shape" : "the shapes would stretch each other",
    received: `input ${formatShape(x.shape)}, target ${formatShape(y.shape)}${shape === undefined ? "" : `, together ${formatShape(shape)}`}`,
    expected: "the same shape",
    hint:
      shape === undefined
        ? "Reshape one of them"
        : "Reshape one of them, or pass broadcast: true if every pair is meant",
  });
}

const RANGES: Readonly<Record<TargetRange, { bad: (t: Tensor) => Tensor; expected: string }>> = {
  probability: { bad: (t) => t.lt(0).logicalOr(t.gt(1)), expected: "numbers from 0 to 1" },
  sign: { bad: (t) => t.ne(1).logicalAnd(t.ne(-1)), expected: "1 or -1" },
  count: { bad: (t) => t.lt(0), expected: "0 or more" },
};

/** @throws ArgumentError for the first value outside the range. NaN is let through: it shows in the loss. A trace has no values to look at. */
export function checkTargets(
  op: string,
  target: Tensor,
  range: TargetRange,
  rule = "a target has no meaning here",
): void {
  if (isTracing() || target.size === 0) return;
  const { bad, expected } = RANGES[range];
  const values = target.detach();
  const outside = bad(values);
  if (outside.sum().item() === 0) return;
  const at = outside.flatten().argmax().item() as number;
  throw new ArgumentError({
    op,
    rule,
    received: `${values.flatten().select(0, at).item()} at position ${at}`,
    expected,
  });
}
