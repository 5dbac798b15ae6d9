import {
  ArgumentError,
  asTensor,
  classDim,
  formatShape,
  ShapeError,
  sameShape,
  type Tensor,
  type TensorArg,
  unsqueeze,
  where,
} from "@tenon/numerics";
import { checkSameShape } from "../core/check-same-shape.ts";
import { doubles } from "../core/doubles.ts";
import { type Loss, lossFunction } from "../core/loss-function.ts";
import type { Losses, ReductionOptions } from "../core/reduction.ts";

export interface LogitPairOptions extends ReductionOptions {
  /** What both sides' logits are divided by. Default 1. */
  readonly temperature?: number;
  /** Which rows count (bool, the logits' shape without classes): the others have loss and gradient 0 and do not count in the mean. Default all. */
  readonly mask?: TensorArg;
  /** Where the classes lie. Default 1, or 0 for a single row. */
  readonly dim?: number;
}

/** A loss between a student's logits and a teacher's: `loss(student, teacher, { temperature, mask, ... })`. */
export type LogitPairLoss<O> = Loss<[student: TensorArg, teacher: TensorArg], Partial<O> & LogitPairOptions>;

/**
 * Makes a loss from its value for rows of logits, in float64, already divided by the temperature.
 *
 * @param formula the losses, one a row.
 */
export function logitPairLoss<O extends object = object>(
  name: string,
  formula: (student: Tensor, teacher: Tensor, dim: number, options: O) => Tensor,
  defaults: O = {} as O,
  check: (options: O) => void = () => {},
): LogitPairLoss<O> {
  return lossFunction(
    name,
    (student: TensorArg, teacher: TensorArg, options: Partial<O> & LogitPairOptions): Losses => {
      const { temperature = 1, mask } = options;
      const own = { ...defaults, ...options } as unknown as O;
      check(own);
      checkTemperature(name, temperature);
      const [x, y, dim] = logitPair(name, student, teacher, options.dim);
      if (mask === undefined) return { losses: formula(warmed(x, temperature), warmed(y, temperature), dim, own) };
      const kept = asTensor(mask).to("bool");
      checkMask(name, kept, x, dim);
      const [a, b] = [x, y].map((z) => warmed(where(unsqueeze(kept, dim), z, 0), temperature));
      return { losses: where(kept, formula(a!, b!, dim, own), 0), divisor: kept.to(x.dtype).sum() };
    },
  ) as LogitPairLoss<O>;
}

/** Both sides' logits in float64 and where the classes lie. @throws ShapeError unless the shapes agree. */
export function logitPair(
  op: string,
  student: TensorArg,
  teacher: TensorArg,
  dim: number | undefined,
): [Tensor, Tensor, number] {
  const [x, y] = doubles(student, teacher);
  checkSameShape(op, { student: x, teacher: y });
  return [x, y, classDim(op, x, dim)];
}

export function checkTemperature(op: string, temperature: number): void {
  if (temperature > 0 && Number.isFinite(temperature)) return;
  throw new ArgumentError({ op, rule: "the temperature must be a number above 0", received: String(temperature) });
}

export function warmed(logits: Tensor, temperature: number): Tensor {
  return temperature === 1 ? logits : logits.div(temperature);
}

function checkMask(op: string, mask: Tensor, x: Tensor, dim: number): void {
  const rows = x.shape.filter((_, d) => d !== dim);
  if (sameShape(mask.shape, rows)) return;
  throw new ShapeError({
    op,
    rule: "there must be one entry of the mask for each row",
    received: formatShape(mask.shape),
    expected: formatShape(rows),
  });
}
