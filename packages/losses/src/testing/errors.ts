import { ArgumentError, ShapeError } from "@tenon/numerics";
import type { ErrorCase } from "@tenon/numerics/testing";

/** What every elementwise loss refuses. */
export const stretches: ErrorCase = {
  args: () => [
    [[1], [2]],
    [1, 2],
  ],
  error: ShapeError,
  message: /the shapes would stretch each other.*\[2, 1\].*\[2\].*broadcast: true/,
};

/** What every loss refuses. */
export function unknownReduction(name: string, input: unknown, target: unknown): ErrorCase {
  return {
    args: () => [input, target, { reduction: "average" }],
    error: ArgumentError,
    message: new RegExp(`${name}: unknown reduction.*"average".*"none", "mean", "sum"`),
  };
}
