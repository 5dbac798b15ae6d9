import {
  ArgumentError,
  asIndexTensor,
  asTensor,
  checkClassTargets,
  formatShape,
  isFloatingPoint,
  isTracing,
  normalizeDim,
  type Shape,
  ShapeError,
  sameShape,
  scatter,
  sizeOfShape,
  Tensor,
  type TensorArg,
  where,
  zeros,
} from "@tenon/numerics";
import { checkTargets } from "../core/define-loss.ts";
import { doubles } from "../core/doubles.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { type Activation, type Probabilities, probabilities } from "./probabilities.ts";

/** What every loss of segmentations can be told. */
export interface SegmentationOptions extends ReductionOptions {
  /**
   * What makes probabilities of the input: a softmax over the classes, a sigmoid of each channel, or nothing, where they are probabilities already.
   * Default "softmax", or "sigmoid" for a single channel.
   */
  readonly activation?: Activation;
  /** Whether class 0 counts. A single channel is the foreground and always does. Default true unless the loss says otherwise. */
  readonly includeBackground?: boolean;
  /**
   * Pixels with this target take no part, neither in numerators nor in denominators. Default -100 for class indices; for targets in the input's shape no
   * value is special unless one is given, and then it is left out element by element.
   */
  readonly ignoreIndex?: number;
  /** Which pixels count (bool): the input's shape without its classes, or with one class. Default all. */
  readonly mask?: TensorArg;
  /** Where the classes lie. Default 1. */
  readonly dim?: number;
}

/** Predictions and truth of images, as the formulas see them: space is one dimension of P pixels, `[N, C, P]`. */
export interface Regions {
  /** The shape `[N, C, d1, ...]`, classes in dimension 1. */
  readonly shape: Shape;
  readonly logits: Tensor;
  readonly activation: Activation;
  readonly predicted: Probabilities;
  /** Class indices `[N, 1, P]`, 0 where a pixel does not count; undefined if the truth is given per channel. */
  readonly index: Tensor | undefined;
  /** Which pixels `[N, 1, P]`, or which elements `[N, C, P]`, count; undefined for all. */
  readonly kept: Tensor | undefined;
  /** The truth per channel, 0 where it does not count. */
  truth(): Tensor;
  /** The first class that counts: 1 without the background. */
  readonly firstClass: number;
}

/**
 * Puts input and target of a segmentation loss into one form: checks, activation, masks and the place of the classes.
 *
 * Shapes: input `[N, C, d1, ...]` with any number of spatial dimensions, none included. Target: class indices (integers) `[N, d1, ...]`, or masks and
 * probabilities per channel (floats, bools or integers) in the input's shape. For one channel the class indices are 0 and 1.
 */
export function regions(op: string, input: TensorArg, target: TensorArg, options: SegmentationOptions): Regions {
  const [given] = doubles(asTensor(input));
  if (given.ndim < 2) {
    throw new ShapeError({
      op,
      rule: "the input needs a dimension of images and one of classes",
      received: formatShape(given.shape),
      expected: "[N, C, ...]",
    });
  }
  const dim = normalizeDim(op, options.dim ?? 1, given.ndim);
  const t = asTarget(given, target);
  const perChannel = sameShape(t.shape, given.shape);
  const kept = keptPixels(op, given, t, perChannel, dim, options);
  const shape = given.movedim(dim, 1).shape;
  const [n, classes] = [shape[0]!, shape[1]!];
  const flat = (values: Tensor) => values.reshape([n, values.shape[1]!, sizeOfShape(shape.slice(2))]);
  const mask = kept === undefined ? undefined : flat(kept);
  const x = flat(given.movedim(dim, 1));
  // What does not count becomes 0, so that no infinity in it meets a gradient of 0. A softmax would spread that to its neighbours.
  const activation = options.activation ?? (classes === 1 ? "sigmoid" : "softmax");
  const clean = mask === undefined || (mask.shape[1] !== 1 && activation === "softmax") ? x : where(mask, x, 0);
  const form = perChannel || classes === 1 ? dense : indexed;
  return {
    shape,
    logits: clean,
    activation,
    predicted: probabilities(op, clean, activation, mask),
    kept: mask,
    firstClass: options.includeBackground === false && classes > 1 ? 1 : 0,
    ...form(op, flat(perChannel ? t.movedim(dim, 1) : t.unsqueeze(1)), clean, mask, perChannel),
  };
}

// Of plain numbers, those in the input's shape are values per channel, others class indices.
function asTarget(x: Tensor, target: TensorArg): Tensor {
  if (target instanceof Tensor) return target;
  const plain = asTensor(target);
  return isFloatingPoint(plain.dtype) && plain.ndim === x.ndim ? plain : asIndexTensor(target);
}

type Truth = Pick<Regions, "index" | "truth">;

function dense(op: string, t: Tensor, x: Tensor, kept: Tensor | undefined, perChannel: boolean): Truth {
  const values = kept === undefined ? t : where(kept, t, zeros([], { dtype: t.dtype }));
  const [truth] = doubles(isFloatingPoint(values.dtype) ? values : values.to(x.dtype));
  if (!perChannel) checkTargets(op, truth, "probability", "for a single channel a class is 0 or 1");
  return { index: undefined, truth: () => truth };
}

function indexed(_op: string, t: Tensor, x: Tensor, kept: Tensor | undefined): Truth {
  const wide = t.to("int64");
  const index = kept === undefined ? wide : where(kept, wide, 0);
  return {
    index,
    truth: () => {
      const ones = scatter(zeros(x.shape, { dtype: x.dtype }), 1, index, 1);
      return kept === undefined ? ones : where(kept, ones, 0);
    },
  };
}

/** Which pixels count, classes in dimension 1; undefined if all do. Checks the target's shape and class indices on the way. */
function keptPixels(
  op: string,
  x: Tensor,
  t: Tensor,
  perChannel: boolean,
  dim: number,
  options: SegmentationOptions,
): Tensor | undefined {
  const mask = options.mask === undefined ? undefined : pixelMask(op, asTensor(options.mask), x, dim);
  if (perChannel) {
    if (options.ignoreIndex === undefined) return mask;
    const kept = t.ne(options.ignoreIndex).movedim(dim, 1);
    return mask === undefined ? kept : kept.logicalAnd(mask);
  }
  const { ignoreIndex = -100 } = options;
  checkIndices(op, x, t, dim, ignoreIndex);
  const kept = t.ne(ignoreIndex).unsqueeze(1);
  const all = !isTracing() && kept.all().item() === true;
  if (mask === undefined) return all ? undefined : kept;
  return all ? mask : kept.logicalAnd(mask);
}

function checkIndices(op: string, x: Tensor, t: Tensor, dim: number, ignoreIndex: number): void {
  // A single channel has the two classes 0 and 1, which are looked at later.
  if (x.shape[dim] !== 1) {
    checkClassTargets(op, x, t, { dim, ignoreIndex });
    return;
  }
  const pixels = x.shape.filter((_, i) => i !== dim);
  if (sameShape(t.shape, pixels)) return;
  throw new ShapeError({
    op,
    rule: "input and target do not fit each other",
    received: `input ${formatShape(x.shape)}, target ${formatShape(t.shape)}`,
    expected: `a target ${formatShape(pixels)} or ${formatShape(x.shape)}`,
  });
}

/** The mask as `[N, 1, d1, ...]`. */
function pixelMask(op: string, mask: Tensor, x: Tensor, dim: number): Tensor {
  const pixels = x.shape.filter((_, i) => i !== dim);
  const withClass = x.shape.map((size, i) => (i === dim ? 1 : size));
  if (sameShape(mask.shape, pixels)) return mask.to("bool").unsqueeze(1);
  if (sameShape(mask.shape, withClass)) return mask.to("bool").movedim(dim, 1);
  throw new ShapeError({
    op,
    rule: "the mask must have one value for each pixel",
    received: formatShape(mask.shape),
    expected: formatShape(pixels),
  });
}

/**
 * The class indices of images, for losses that have no meaning for a target for each channel.
 * @throws ShapeError where the truth is given per channel.
 */
export function classIndices(op: string, { index, shape }: Regions): Tensor {
  if (index !== undefined) return index;
  throw new ShapeError({
    op,
    rule: "takes class indices, and more than one class",
    received: `a target for each channel of ${formatShape(shape)}`,
    expected: `class indices ${formatShape(shape.filter((_, i) => i !== 1))}`,
  });
}

/** One weight for each class that counts, or undefined. @throws ShapeError unless there is one for each class, the background included. */
export function classWeights(op: string, weight: TensorArg | undefined, { shape, firstClass }: Regions) {
  if (weight === undefined) return undefined;
  const [w] = doubles(asTensor(weight));
  if (!sameShape(w.shape, [shape[1]!])) {
    throw new ShapeError({
      op,
      rule: "there must be one weight for each class, the background included",
      received: formatShape(w.shape),
      expected: formatShape([shape[1]!]),
    });
  }
  return ofClasses(w, firstClass, 0);
}

/** Values of classes without those in front of the first one that counts. */
export function ofClasses(values: Tensor, firstClass: number, dim = 1): Tensor {
  return firstClass === 0 ? values : values.slice(dim, { start: firstClass });
}

/** @throws ArgumentError unless both smoothing terms are usable: a greater one above would make the score exceed 1. */
export function checkSmoothing(op: string, smoothNumerator: number, smoothDenominator: number): void {
  if (smoothNumerator >= 0 && smoothDenominator >= smoothNumerator && Number.isFinite(smoothDenominator)) return;
  throw new ArgumentError({
    op,
    rule: "smoothing must be 0 or more, and not greater in the numerator than in the denominator",
    received: `smoothNumerator ${smoothNumerator}, smoothDenominator ${smoothDenominator}`,
  });
}
