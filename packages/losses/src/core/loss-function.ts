import { isTracing, Tensor } from "@tenon/numerics";
import { resultDType, widened } from "./doubles.ts";
import {
  checkReduction,
  divisorOf,
  type Losses,
  type LossParts,
  type ReductionOptions,
  reduceLoss,
  singleLosses,
} from "./reduction.ts";

/** A loss as a function: its tensors, then its options. */
export interface Loss<A extends readonly unknown[], O extends object> {
  (...args: [...tensors: A, options?: O & ReductionOptions]): Tensor;
  /** The mean's sum and divisor apart, for a mean over several batches: `meanOfParts`. */
  parts(...args: [...tensors: A, options?: O & ReductionOptions]): LossParts;
}

/** What a loss may state besides its single losses. */
export interface LossFunctionSettings<A extends readonly unknown[], O extends object> {
  /** The reduced loss in one pass, where an operation computes it without the single losses; undefined where it does not. */
  readonly fused?: (
    ...args: [...tensors: A, options: O & { readonly reduction: "mean" | "sum" }]
  ) => Tensor | undefined;
}

function isOptions(value: unknown): value is object {
  if (typeof value !== "object" || value === null || value instanceof Tensor) return false;
  return !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/**
 * Makes a loss of its single losses: reduction, the mean of nothing, parts over several batches and the rounding to the arguments' dtype come with it.
 *
 * @param single the losses before reduction, with their divisor where the mean does not divide by their number. It may compute in float64
 * (`doubles`): the result is rounded once.
 * @example
 * const distance = lossFunction("distance", (a: TensorArg, b: TensorArg, { p = 2 }: { p?: number }) => {
 *   const [x, y] = doubles(a, b);
 *   return norm(x.sub(y), 1, { p });
 * });
 * distance([[3, 4]], [[0, 0]]).item() // 5
 */
export function lossFunction<A extends readonly unknown[], O extends object>(
  name: string,
  single: (...args: [...tensors: A, options: O]) => Tensor | Losses,
  settings: LossFunctionSettings<A, O> = {},
): Loss<A, O> {
  type Options = O & ReductionOptions;
  const split = (args: readonly unknown[]): [A, Options] => {
    const last = args.at(-1);
    const given = isOptions(last) ? last : {};
    const tensors = isOptions(last) || last === undefined ? args.slice(0, -1) : args;
    return [tensors as unknown as A, given as Options];
  };
  const evaluate = (tensors: A, options: Options): Losses => {
    const made = single(...tensors, options);
    return made instanceof Tensor ? { losses: made } : made;
  };
  const rounded = (loss: Tensor, given: A) => (isTracing() ? loss : loss.to(resultDType(given)));
  const loss = (...args: unknown[]): Tensor => {
    const [given, options] = split(args);
    const tensors = given.map(widened) as unknown as A;
    const { reduction = "mean", onEmpty = "nan" } = options;
    checkReduction(name, reduction);
    if (reduction !== "none" && onEmpty === "nan") {
      const early = settings.fused?.(...tensors, { ...options, reduction });
      if (early !== undefined) return rounded(early, given);
    }
    const made = evaluate(tensors, options);
    const losses = singleLosses(made);
    const divisor = reduction === "mean" ? divisorOf(made, losses) : losses.size;
    return rounded(reduceLoss(name, losses, options, divisor), given);
  };
  const parts = (...args: unknown[]): LossParts => {
    const [given, options] = split(args);
    const tensors = given.map(widened) as unknown as A;
    const fused = settings.fused?.(...tensors, { ...options, reduction: "sum" });
    const made = evaluate(tensors, options);
    // Losses left for later are not needed where the sum is known and the divisor does not come from them.
    if (fused !== undefined && made.divisor !== undefined && typeof made.losses === "function") {
      const { divisor } = made;
      return { sum: rounded(fused, given), divisor: typeof divisor === "function" ? divisor() : divisor };
    }
    const losses = singleLosses(made);
    return { sum: rounded(fused ?? losses.sum(), given), divisor: divisorOf(made, losses) };
  };
  Object.defineProperty(loss, "name", { value: name });
  return Object.assign(loss, { parts }) as Loss<A, O>;
}
