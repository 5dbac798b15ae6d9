import {
  asTensor,
  broadcastShapes,
  Callable,
  formatShape,
  ShapeError,
  sameShape,
  type Tensor,
  type TensorArg,
} from "@tenon/numerics";
import { checkReduction, type ReductionOptions, reduceLoss } from "./reduction.ts";

export interface ElementwiseLossOptions extends ReductionOptions {
  /** Factor of every single loss; any shape that broadcasts to the losses'. Default none. */
  readonly weight?: TensorArg;
  /** Allows shapes that stretch each other, as [N, 1] and [N] do to [N, N]. Default false. */
  readonly broadcast?: boolean;
}

/** What a loss may state besides its formula. */
export interface LossSettings<O> {
  /** Values of its own options where the caller gives none. */
  readonly defaults?: O;
  /** Throws a typed error for options or tensors that cannot be used. */
  readonly check?: (input: Tensor, target: Tensor, options: O) => void;
  /** The reduced loss in one pass, where an operation computes it without the single losses; used where there are no weights. */
  readonly fused?: (input: Tensor, target: Tensor, options: O & { readonly reduction: "mean" | "sum" }) => Tensor;
  /** What the mean divides by if there are weights: the number of losses (as most of PyTorch's do), or the weights' sum. */
  readonly weightedMean?: "count" | "weights";
  /** Whether shapes must be the same, or may stretch one another to the greater of the two. Default "stretch". */
  readonly shapes?: "same" | "stretch";
}

/** A loss as a function: `loss(input, target, { reduction, weight, ... })`. */
export type LossFunction<O> = (
  input: TensorArg,
  target: TensorArg,
  options?: Partial<O> & ElementwiseLossOptions,
) => Tensor;

/**
 * Defines a loss by its value for one element. Conversion, shape checks, weights, reduction and the class form (`lossClass`) come with it; gradient
 * and ONNX form come from the operations in the formula.
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
  const loss = (input: TensorArg, target: TensorArg, options: Partial<O> & ElementwiseLossOptions = {}): Tensor => {
    checkReduction(name, options.reduction ?? "mean");
    const x = asTensor(input);
    const y = asTensor(target);
    checkShapes(name, x, y, settings.shapes ?? "stretch", options.broadcast ?? false);
    const own = { ...settings.defaults, ...options } as unknown as O;
    settings.check?.(x, y, own);
    const { reduction = "mean", weight: weights } = options;
    if (settings.fused !== undefined && weights === undefined && reduction !== "none" && x.size > 0) {
      return settings.fused(x, y, { ...own, reduction });
    }
    const losses = formula(x, y, own);
    if (weights === undefined) return reduceLoss(name, losses, options);
    const weight = asTensor(weights);
    const weighted = losses.mul(weight);
    const divisor = settings.weightedMean === "weights" ? weight.expand(weighted.shape).sum() : undefined;
    return reduceLoss(name, weighted, options, divisor);
  };
  Object.defineProperty(loss, "name", { value: name });
  return loss;
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

/** A loss that keeps its options: `new MSELoss({ reduction: "sum" })(input, target)`. */
export abstract class LossModule<O extends object> extends Callable {
  readonly options: O;

  constructor(options: O) {
    super();
    this.options = options;
  }

  abstract override forward(input: TensorArg, target: TensorArg): Tensor;
}

export interface LossClass<O extends object> {
  new (options?: O): LossModule<O>;
}

/** The class form of a loss function. */
export function lossClass<O extends object>(
  name: string,
  loss: (input: TensorArg, target: TensorArg, options?: O) => Tensor,
): LossClass<O> {
  const made = class extends LossModule<O> {
    constructor(options: O = {} as O) {
      super(options);
    }

    override forward(input: TensorArg, target: TensorArg): Tensor {
      return loss(input, target, this.options);
    }
  };
  Object.defineProperty(made, "name", { value: name });
  return made;
}
