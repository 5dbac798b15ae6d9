import { ArgumentError, IndexOutOfRangeError, ShapeError, type Tensor } from "@tenon/numerics";

/** Scores `[N, C, ...]` or predicted classes of the target's shape, as class indices beside the targets. */
export function classPairs(op: string, output: Tensor, target: Tensor): { predicted: number[]; actual: number[] } {
  const scores = output.ndim === target.ndim + 1;
  const shape = scores ? [output.shape[0], ...output.shape.slice(2)] : output.shape;
  if (shape.join() !== target.shape.join()) {
    throw new ShapeError({
      op,
      rule: "outputs and targets do not belong together",
      received: `output [${output.shape.join(", ")}], target [${target.shape.join(", ")}]`,
      expected: "scores [N, C, ...] or classes [N, ...], and targets [N, ...]",
    });
  }
  const classes = scores ? output.argmax(1) : output;
  return { predicted: Array.from(classes.data(), Number), actual: Array.from(target.data(), Number) };
}

export function checkClasses(op: string, classes: number): void {
  if (!Number.isInteger(classes) || classes < 2) {
    throw new ArgumentError({ op, rule: "classes must be a whole number of 2 or more", received: `${classes}` });
  }
}

export function checkClass(op: string, index: number, classes: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= classes) {
    throw new IndexOutOfRangeError({
      op,
      rule: "class out of range",
      received: `${index}`,
      expected: `a whole number from 0 to ${classes - 1}`,
    });
  }
}
