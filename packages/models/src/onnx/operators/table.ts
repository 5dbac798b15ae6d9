import { elementwise } from "./elementwise.ts";
import { linear } from "./linear.ts";
import type { Operator } from "./operator.ts";
import { reductions } from "./reduction.ts";
import { resampling, shapes } from "./shape.ts";

const table: ReadonlyMap<string, Operator> = /* @__PURE__ */ new Map(
  [elementwise, reductions, shapes, resampling, linear].flatMap((family) => Object.entries(family)),
);

/**
 * The operator of the standard domain in the form of `opset`. Undefined for operators that Tenon does not write; null where the operator set is
 * too old to have it.
 */
export function findOperator(opType: string, opset: number): Operator | null | undefined {
  let found = table.get(opType);
  if (found === undefined) return undefined;
  while (found !== undefined && found.since > opset) found = found.before;
  return found ?? null;
}
