import { Tensor } from "@tenon/numerics";

type AnyFunction = (...args: unknown[]) => unknown;
type Find = (op: string) => AnyFunction | undefined;
type Kwargs = Readonly<Record<string, unknown>>;
type Call = (inputs: readonly unknown[], kwargs: Kwargs) => unknown;

/** Makes the call from the functions that there are; undefined if one is missing. */
export type AdapterOf = (find: Find) => Call | undefined;

/** `x.__radd__(o)` is `o + x`. */
function reflected(op: string): AdapterOf {
  return (find) => {
    const fn = find(op);
    return fn && (([x, other]) => fn(other, x));
  };
}

function renamed(op: string, rearrange: Call = (inputs) => [...inputs]): AdapterOf {
  return (find) => {
    const fn = find(op);
    return fn && ((inputs, kwargs) => fn(...(rearrange(inputs, kwargs) as unknown[])));
  };
}

/** `max(x)`, `max(x, dim)` with indices, and `max(a, b)`. */
function extreme(op: "max" | "min"): AdapterOf {
  return (find) => {
    const reduce = find(op);
    const both = find(op === "max" ? "maximum" : "minimum");
    if (reduce === undefined || both === undefined) return undefined;
    return ([x, second, keepdim], { dim = second }) => {
      if (dim instanceof Tensor) return both(x, dim);
      if (dim === undefined) return reduce(x);
      return reduce(x, dim, { keepdim: keepdim ?? false });
    };
  };
}

/** `var(x, unbiased)` and `var(x, dim, ...)`; several results where the name says `_mean`. */
function spread(op: "var" | "std"): AdapterOf {
  return (find) => {
    const fn = find(op);
    return (
      fn &&
      (([x, second], { dim, keepdim, unbiased, correction }) => {
        const flag = typeof second === "boolean" ? second : unbiased;
        const value = correction ?? (flag === false ? 0 : 1);
        return fn(x, typeof second === "boolean" ? undefined : (dim ?? second ?? undefined), {
          correction: value,
          keepdim: keepdim ?? false,
        });
      })
    );
  };
}

/** Creation functions make float32 by default, the recording float64. */
function creation(op: string): AdapterOf {
  return (find) => {
    const fn = find(op);
    return fn && ((inputs, { dtype = "float64" }) => fn(...inputs, { dtype }));
  };
}

/** What cannot be called by name and signature alone. */
export const ADAPTERS: Readonly<Record<string, AdapterOf>> = {
  __radd__: reflected("add"),
  __rsub__: reflected("sub"),
  __rmul__: reflected("mul"),
  __rdiv__: reflected("div"),
  __rmod__: reflected("remainder"),
  __rpow__: reflected("pow"),
  __rmatmul__: reflected("matmul"),
  __rand__: reflected("bitwise_and"),
  __ror__: reflected("bitwise_or"),
  __rxor__: reflected("bitwise_xor"),
  max: extreme("max"),
  min: extreme("min"),
  var: spread("var"),
  std: spread("std"),
  clamp_min: renamed("clamp", ([x, min]) => [x, { min }]),
  clamp_max: renamed("clamp", ([x, max]) => [x, { max }]),
  true_divide: renamed("div"),
  view_as: renamed("view", ([x, other]) => [x, (other as Tensor).shape]),
  reshape_as: renamed("reshape", ([x, other]) => [x, (other as Tensor).shape]),
  expand_as: renamed("expand", ([x, other]) => [x, (other as Tensor).shape]),
  swapaxes: renamed("transpose"),
  double: renamed("to", ([x]) => [x, "float64"]),
  long: renamed("to", ([x]) => [x, "int64"]),
  bool: renamed("to", ([x]) => [x, "bool"]),
  ones: creation("ones"),
  zeros: creation("zeros"),
  "nn.functional.tanh": renamed("tanh"),
  "nn.functional.sigmoid": renamed("sigmoid"),
};
