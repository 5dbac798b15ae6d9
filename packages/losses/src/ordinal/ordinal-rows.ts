import {
  arange,
  asIndexTensor,
  checkClassTargets,
  classDim,
  formatShape,
  isTracing,
  ShapeError,
  sameShape,
  type Tensor,
  type TensorArg,
  where,
  zeros,
} from "@tenon/numerics";
import { doubles } from "../core/doubles.ts";
import { type Loss, lossFunction } from "../core/loss-function.ts";
import type { Losses, ReductionOptions } from "../core/reduction.ts";
import { softplus } from "../core/softplus.ts";

export interface OrdinalOptions extends ReductionOptions {
  /** Factor of each question "is the class above k?", `[K - 1]`. Default none. */
  readonly weight?: TensorArg;
  /** Factor of each row, in the targets' shape. Default none. */
  readonly sampleWeight?: TensorArg;
  /** Rows with this target have loss and gradient 0 and do not count in the mean. Default -100. */
  readonly ignoreIndex?: number;
  /** Where the questions lie. Default 1, or 0 for a single row. */
  readonly dim?: number;
}

/** An ordinal loss as a function: `loss(logits, target, { reduction, weight, ignoreIndex, ... })`. */
export type OrdinalLoss<O extends OrdinalOptions> = Loss<[input: TensorArg, target: TensorArg], O>;

/** The questions of a batch: "is the class above k?" for k = 0 ... K - 2. */
interface Questions {
  /** Minus the logarithm of the probability of the right answer to each, in the logits' shape. */
  readonly surprise: Tensor;
  /** The target of each row and the number k of each question, in shapes that stretch to the logits'. */
  readonly target: Tensor;
  readonly question: Tensor;
  /** Which rows count (bool). */
  readonly kept: Tensor;
  readonly dim: number;
}

/**
 * Defines a loss of logits `[N, K - 1, ...]` of the questions "is the class above k?" against class indices `[N, ...]` from 0 to K - 1.
 *
 * @param asked which questions a row is asked, and what the mean divides by, given how many those are (row by row). Default: all, and the number of rows.
 */
export function defineOrdinalLoss<O extends OrdinalOptions>(
  name: string,
  asked: (questions: Questions, options: O) => { readonly which?: Tensor; readonly counts?: Tensor },
): OrdinalLoss<O> {
  return lossFunction(name, (input: TensorArg, target: TensorArg, options: O): Losses => {
    const questions = questionsOf(name, input, target, options);
    const { surprise, kept, dim } = questions;
    const { which, counts } = asked(questions, options);
    const weighted = options.weight === undefined ? surprise : surprise.mul(weightOf(name, options.weight, questions));
    const rows = (which === undefined ? weighted : where(which, weighted, 0)).sum(dim);
    const sampled = options.sampleWeight === undefined ? rows : rows.mul(samplesOf(name, options.sampleWeight, rows));
    return {
      losses: where(kept, sampled, 0),
      divisor: where(kept, counts ?? 1, 0)
        .to(rows.dtype)
        .sum(),
    };
  }) as OrdinalLoss<O>;
}

function questionsOf(op: string, input: TensorArg, target: TensorArg, options: OrdinalOptions): Questions {
  const { ignoreIndex = -100 } = options;
  const [x] = doubles(input);
  const y = asIndexTensor(target);
  const dim = classDim(op, x, options.dim);
  const questions = x.shape[dim]!;
  // The check looks at shape and targets alone: one class more than questions.
  const classes = x.shape.map((size, i) => (i === dim ? questions + 1 : size));
  checkClassTargets(op, zeros(classes.map(() => 1)).expand(classes), y, { dim, ignoreIndex });
  const kept = y.ne(ignoreIndex);
  const known = where(kept, y.to("int64"), 0).unsqueeze(dim);
  const question = arange(0, questions, 1, { dtype: "int64" }).reshape(
    x.shape.map((_, i) => (i === dim ? questions : 1)),
  );
  // Rows that do not count become 0, so that no infinity in them meets a gradient of 0.
  const all = !isTracing() && kept.all().item() === true;
  const logits = all ? x : where(kept.unsqueeze(dim), x, 0);
  const surprise = softplus(where(known.gt(question), logits.neg(), logits));
  return { surprise, target: known, question, kept, dim };
}

function weightOf(op: string, weight: TensorArg, { surprise, question, dim }: Questions): Tensor {
  const [w] = doubles(weight);
  check(op, "there must be one weight for each question", w, [surprise.shape[dim]!]);
  return w.reshape(question.shape);
}

function samplesOf(op: string, weight: TensorArg, rows: Tensor): Tensor {
  const [w] = doubles(weight);
  check(op, "there must be one sample weight for each target", w, rows.shape);
  return w;
}

function check(op: string, rule: string, { shape }: Tensor, expected: readonly number[]): void {
  if (sameShape(shape, expected)) return;
  throw new ShapeError({ op, rule, received: formatShape(shape), expected: formatShape(expected) });
}
