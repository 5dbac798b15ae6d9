import {
  ArgumentError,
  asIndexTensor,
  Callable,
  cat,
  checkClassTargets,
  cumsum,
  type DType,
  formatShape,
  type HasParameters,
  indexSelect,
  isTracing,
  log1mexp,
  Parameter,
  ShapeError,
  type Tensor,
  type TensorArg,
  tensor,
  where,
  zeros,
} from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { doubles, resultDType } from "../core/doubles.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { Losses, ReductionOptions } from "../core/reduction.ts";
import { softplus } from "../core/softplus.ts";

const OP = "cumulativeLinkLoss";

export interface CumulativeLinkLossOptions extends ReductionOptions {
  /** Rows with this target have loss and gradient 0 and do not count in the mean. Default -100. */
  readonly ignoreIndex?: number;
}

/**
 * Proportional odds, the ordered logit model: one number f a row, and ascending thresholds that cut the line into K classes.
 *
 *     P(y = k) = sigmoid(t_k - f) - sigmoid(t_(k-1) - f),    t_(-1) = -infinity, t_(K-1) = infinity;    loss = -log P(y)
 *
 * Shapes: input `[...]`, class indices `[...]` from 0 to K - 1, thresholds `[K - 1]`; to a scalar, or the input's shape with `reduction: "none"`. Between thresholds a and
 * b it is computed as `softplus(f - b) + softplus(a - f) - log(1 - e^(a - b))`, three terms of 0 or more, so that neither far rows nor thin classes
 * lose digits. With learned thresholds: `CumulativeLinkLoss`.
 * Source: McCullagh, "Regression Models for Ordinal Data" (1980).
 * @throws ArgumentError for thresholds that do not ascend; ShapeError, DTypeError; IndexOutOfRangeError for a target that is none of the K classes.
 * @example cumulativeLinkLoss([0, 3], [0, 1], [0, 1]).item() // 1.6636688709259033
 */
export const cumulativeLinkLoss = /* @__PURE__ */ lossFunction(
  OP,
  (input: TensorArg, target: TensorArg, thresholds: TensorArg, options: CumulativeLinkLossOptions): Losses => {
    const { ignoreIndex = -100 } = options;
    const [x, cuts] = doubles(input, thresholds);
    const y = asIndexTensor(target);
    const classes = checkThresholds(cuts);
    // The check looks at shape and targets alone.
    checkClassTargets(OP, zeros([...x.shape.map(() => 1), 1]).expand([...x.shape, classes]), y, {
      dim: x.ndim,
      ignoreIndex,
    });
    const kept = y.ne(ignoreIndex);
    const known = where(kept, y.to("int64"), 0);
    // Rows that do not count become 0, so that no infinity in them meets a gradient of 0.
    const rows = surprise(where(kept, x, 0), known, cuts);
    return { losses: where(kept, rows, 0), divisor: kept.to(x.dtype).sum() };
  },
);

/** `-log P(y)` of each row. */
function surprise(f: Tensor, y: Tensor, cuts: Tensor): Tensor {
  const last = cuts.shape[0]!;
  if (last === 0) return f.mul(0);
  const [first, top] = [y.eq(0), y.eq(last)];
  const at = (index: Tensor) => indexSelect(cuts, 0, index.flatten()).reshape(y.shape);
  // The outer classes have one threshold; the other is a stand-in that does not count.
  const [below, above] = [at(where(first, 1, y).sub(1)), at(where(top, last - 1, y))];
  const gap = where(first.logicalOr(top), 1, above.sub(below));
  return where(top, 0, softplus(f.sub(above)))
    .add(where(first, 0, softplus(below.sub(f))))
    .sub(where(first.logicalOr(top), 0, log1mexp(gap)));
}

/** The number of classes. @throws ShapeError, ArgumentError unless the thresholds are ascending numbers in a row. */
function checkThresholds(cuts: Tensor): number {
  if (cuts.ndim !== 1) {
    throw new ShapeError({
      op: OP,
      rule: "thresholds must be a vector",
      received: formatShape(cuts.shape),
      expected: "[K - 1] for K classes",
    });
  }
  const classes = cuts.shape[0]! + 1;
  if (isTracing() || classes < 3) return classes;
  const values = cuts.detach().toArray() as number[];
  const at = values.findIndex((cut, k) => k > 0 && cut < values[k - 1]!);
  if (at < 0) return classes;
  throw new ArgumentError({
    op: OP,
    rule: "thresholds must ascend",
    received: `${values[at - 1]}, then ${values[at]} at position ${at}`,
  });
}

export interface LearnedThresholdOptions extends CumulativeLinkLossOptions {
  /** Where the thresholds start, K - 1 ascending numbers. Default 1 apart around 0. */
  readonly thresholds?: readonly number[];
  /** Default float32. */
  readonly dtype?: DType;
}

/**
 * `cumulativeLinkLoss` with learned thresholds for `classes` classes: parameters `first`, the lowest threshold, and `logGaps`, the logarithms of the distances of the
 * others, so that they stay in order whatever an optimizer does.
 * @throws ArgumentError for fewer than two classes, or thresholds that do not ascend or are not K - 1.
 * @example new CumulativeLinkLoss(3)([0, 3], [0, 1]).item() // 2.0206961631774902
 */
export class CumulativeLinkLoss extends Callable implements HasParameters {
  readonly options: LearnedThresholdOptions;
  /** `[1]` */
  readonly first: Parameter;
  /** `[K - 2]` */
  readonly logGaps: Parameter;

  constructor(classes: number, options: LearnedThresholdOptions = {}) {
    super();
    checkOption(
      "CumulativeLinkLoss",
      "classes",
      classes,
      "a whole number from 2 on",
      classes >= 2 && classes % 1 === 0,
    );
    const { dtype = "float32", thresholds = Array.from({ length: classes - 1 }, (_, k) => k + 1 - classes / 2) } =
      options;
    const gaps = thresholds.slice(1).map((cut, k) => cut - thresholds[k]!);
    const ascend = thresholds.length === classes - 1 && gaps.every((gap) => gap > 0);
    checkOption("CumulativeLinkLoss", "thresholds", thresholds, `${classes - 1} ascending numbers`, ascend);
    this.options = options;
    this.first = new Parameter(tensor([thresholds[0]!], { dtype }));
    this.logGaps = new Parameter(tensor(gaps.map(Math.log), { dtype }));
  }

  /** The thresholds as they are now, `[K - 1]`, in float64. */
  thresholds(): Tensor {
    const [first, logGaps] = doubles(this.first, this.logGaps);
    return cumsum(cat([first, logGaps.exp()], 0), 0);
  }

  override forward(input: TensorArg, target: TensorArg): Tensor {
    const [x] = doubles(input);
    const loss = cumulativeLinkLoss(x, target, this.thresholds(), this.options);
    return isTracing() ? loss : loss.to(resultDType([input, this.first]));
  }

  *namedParameters(): Iterable<readonly [string, Tensor]> {
    yield ["first", this.first];
    yield ["logGaps", this.logGaps];
  }
}
