import { ArgumentError, formatShape, fromTypedArray, noGrad, ShapeError, sameShape, Tensor } from "@tenon/numerics";
import type { TensorData } from "./checkpoint/tensor-data.ts";

/** Tensors by path: `conv1.weight`. A Map, because a name in a file can be anything. */
export type StateDict = Map<string, Tensor>;

/** What `loadStateDict` takes: tensors or typed arrays, in a Map or a plain object. */
export type StateDictArg = ReadonlyMap<string, Tensor | TensorData> | { readonly [key: string]: Tensor | TensorData };

/** Keys that the module has and the state dict lacks, and the other way round. */
export interface StateMismatch {
  readonly missingKeys: readonly string[];
  readonly unexpectedKeys: readonly string[];
}

const OP = "loadStateDict";

/** Copies `state` into `targets` of the same name and shape, all or nothing. */
export function copyState(
  targets: Iterable<readonly [string, Tensor]>,
  state: StateDictArg,
  { strict, optional }: { strict: boolean; optional: ReadonlySet<string> },
): StateMismatch {
  const own = new Map(targets);
  const given =
    state instanceof Map ? (state as ReadonlyMap<string, Tensor | TensorData>) : new Map(Object.entries(state));
  const missingKeys = [...own.keys()].filter((key) => !given.has(key) && !optional.has(key));
  const unexpectedKeys = [...given.keys()].filter((key) => !own.has(key));
  if (strict && missingKeys.length + unexpectedKeys.length > 0) throw mismatch(missingKeys, unexpectedKeys);
  refuseOtherShapes(own, given);
  noGrad(() => {
    for (const [key, target] of own) {
      const source = given.get(key);
      if (source !== undefined) copyInto(target, source);
    }
  });
  return { missingKeys, unexpectedKeys };
}

function copyInto(target: Tensor, source: Tensor | TensorData): void {
  if (source instanceof Tensor) {
    target.copy_(source);
    return;
  }
  const made = tensorOfData(source);
  target.copy_(made);
  made.dispose();
}

/** Values of a file as a tensor (one copy into the engine's memory). */
export function tensorOfData({ data, shape, dtype }: TensorData): Tensor {
  return fromTypedArray(data, shape, dtype);
}

function mismatch(missing: readonly string[], unexpected: readonly string[]): ArgumentError {
  const parts = [];
  if (missing.length > 0) parts.push(`missing ${list(missing)}`);
  if (unexpected.length > 0) parts.push(`unexpected ${list(unexpected)}`);
  return new ArgumentError({
    op: OP,
    rule: "the state dict has other keys than the module",
    received: parts.join("; "),
    hint: hintFor(missing, unexpected),
  });
}

function hintFor(missing: readonly string[], unexpected: readonly string[]): string {
  const wrapped = missing.length > 0 && missing.every((key) => unexpected.includes(`module.${key}`));
  if (wrapped) return 'The keys were saved from a wrapper (DataParallel): take "module." off their front';
  return "Pass { strict: false } to load what fits";
}

function refuseOtherShapes(own: ReadonlyMap<string, Tensor>, given: ReadonlyMap<string, Tensor | TensorData>): void {
  const wrong: string[] = [];
  for (const [key, target] of own) {
    const source = given.get(key);
    if (source === undefined || sameShape(source.shape, target.shape)) continue;
    wrong.push(
      `${key} is ${formatShape(target.shape)} in the module and ${formatShape(source.shape)} in the state dict`,
    );
  }
  if (wrong.length > 0) throw new ShapeError({ op: OP, rule: "shapes differ", received: list(wrong) });
}

/** The first ten, and how many more. */
function list(items: readonly string[]): string {
  const more = items.length > 10 ? ` and ${items.length - 10} more` : "";
  return items.slice(0, 10).join(", ") + more;
}
