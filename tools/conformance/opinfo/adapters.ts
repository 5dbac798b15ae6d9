import { Tensor } from "@tenon/numerics";
import { camelCase, camelCaseKeys } from "../lookup.ts";

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

/** Creation functions make float32 by default; the recording made float64, or int64 from whole numbers. */
function creation(op: string, places: number): AdapterOf {
  return (find) => {
    const fn = find(op);
    return (
      fn &&
      ((inputs, { dtype, end }) => {
        const given = end === undefined ? [...inputs] : [...inputs, end];
        while (given.length < places) given.push(undefined);
        const whole = op === "arange" && given.every((x) => x === undefined || Number.isInteger(Number(x)));
        return fn(...given.map((x) => (typeof x === "boolean" ? Number(x) : x)), {
          dtype: dtype ?? (whole ? "int64" : "float64"),
        });
      })
    );
  };
}

/** In place on a copy. */
function changedCopy(op: "fill_" | "zero_", rearrange: Call = () => []): AdapterOf {
  return () => (inputs, kwargs) => {
    const copy = (inputs[0] as Tensor).clone() as unknown as Record<string, AnyFunction>;
    return copy[op]!(...(rearrange(inputs, kwargs) as unknown[]));
  };
}

/** Windows of one dimension come as lists of one number; an empty stride is the kernel's. Indices are a function of their own. */
function pooling(op: string, names: readonly string[]): AdapterOf {
  return (find) => {
    const fn = find(op);
    return (
      fn &&
      (([x, ...sizes], kwargs) => {
        const one = (value: unknown) => (Array.isArray(value) && value.length < 2 ? value[0] : value);
        const given = names.map((name, i) => [name, one(sizes[i] ?? kwargs[snake(name)]) ?? undefined] as const);
        const { kernelSize, stride, returnIndices, ...rest } = Object.fromEntries(given);
        const options = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
        if (returnIndices !== true) return fn(x, kernelSize, stride, options);
        return withIndices(find, op, x as Tensor, kernelSize, stride, options);
      })
    );
  };
}

/** Of one dimension by way of two: a row. */
function withIndices(find: Find, op: string, x: Tensor, kernel: unknown, stride: unknown, options: object): unknown {
  const fn = find("max_pool2d_with_indices")!;
  if (op !== "max_pool1d") return fn(x, kernel, stride, options);
  const flat = (value: unknown, none: number) => (value === undefined ? undefined : [none, value]);
  const { padding, dilation, ...rest } = options as Record<string, unknown>;
  const sizes = { padding: flat(padding ?? 0, 0), dilation: flat(dilation ?? 1, 1), ...rest };
  const pooled = fn(x.unsqueeze(-2), [1, kernel], flat(stride ?? kernel, 1), sizes) as unknown as Record<
    string,
    Tensor
  >;
  return Object.values(pooled).map((y) => y.squeeze(-2));
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const MAX_POOL = ["kernelSize", "stride", "padding", "dilation", "ceilMode", "returnIndices"];
const AVG_POOL = ["kernelSize", "stride", "padding", "ceilMode", "countIncludePad", "divisorOverride"];

/** `add(x, y, alpha=a)` is `x + a * y`. */
function scaled(op: "add" | "sub"): AdapterOf {
  return (find) => {
    const [fn, mul] = [find(op), find("mul")];
    return fn && mul && (([x, other], { alpha }) => fn(x, alpha === undefined ? other : mul(other, alpha)));
  };
}

/** A loss: its tensors, changed where PyTorch takes more, and its keywords as options, changed where ours say more. */
function losslike(
  op: string,
  options: (given: Kwargs) => object = () => ({}),
  tensors: (inputs: readonly unknown[]) => unknown[] = (inputs) => [...inputs],
): AdapterOf {
  return (find) => {
    const fn = find(op);
    return (
      fn &&
      ((inputs, kwargs) => {
        const given = Object.fromEntries(Object.entries(kwargs).map(([name, value]) => [camelCase(name), value]));
        return fn(...tensors(inputs), { ...withoutNull(given), ...options(given) });
      })
    );
  };
}

function withoutNull(given: Kwargs): Kwargs {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
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
  add: scaled("add"),
  sub: scaled("sub"),
  max: extreme("max"),
  min: extreme("min"),
  var: spread("var"),
  std: spread("std"),
  norm: renamed("norm", ([x, order, dim, keepdim], kwargs) => {
    const p = order ?? kwargs.p ?? 2;
    const options = { p: p === "fro" ? 2 : p, keepdim: keepdim ?? kwargs.keepdim ?? false };
    return [x, dim ?? kwargs.dim ?? undefined, options];
  }),
  // How it is computed is not ours to choose: always from the differences.
  cdist: renamed("cdist", ([x, y, p], kwargs) => [x, y, { p: p ?? kwargs.p ?? 2 }]),
  "nn.functional.poisson_nll_loss": losslike("poisson_nll_loss", ({ full }) => ({
    full: full === true ? "stirling" : false,
  })),
  // A single score is one class.
  "nn.functional.multi_margin_loss": losslike("multi_margin_loss", undefined, ([x, target]) => {
    const t = x as Tensor;
    return [t.ndim === 0 ? t.reshape([1]) : t, target];
  }),
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
  ones: creation("ones", 1),
  zeros: creation("zeros", 1),
  eye: creation("eye", 2),
  arange: creation("arange", 3),
  linspace: creation("linspace", 3),
  fill: changedCopy("fill_", (_, { value }) => [value]),
  zero_: changedCopy("zero_"),
  // Our trace is of functions.
  trace: () => undefined,
  to: renamed("to", ([x, target]) => [x, target instanceof Tensor ? target.dtype : target]),
  narrow: renamed("narrow", ([x, dim, start, length]) => [
    x,
    dim,
    start instanceof Tensor ? start.item() : start,
    length,
  ]),
  broadcast_shapes: (find) => {
    const fn = find("broadcast_shapes");
    const shape = (x: unknown) => (Array.isArray(x) ? x : [x]);
    return fn && ((inputs) => [inputs.reduce((a, b) => fn("broadcast_shapes", shape(a), shape(b)), [])]);
  },
  "nn.functional.one_hot": (find) => {
    const fn = find("one_hot");
    return fn && (([x], { num_classes: n = -1 }) => fn(x, n === -1 ? {} : { numClasses: n }));
  },
  "nn.functional.ctc_loss(log_softmax(input, -1))": (find) => {
    const [loss, logSoftmax] = [find("ctc_loss"), find("log_softmax")];
    return loss && logSoftmax && (([x, ...rest], kwargs) => loss(logSoftmax(x, -1), ...rest, camelCaseKeys(kwargs)));
  },
  "nn.functional.max_pool1d": pooling("max_pool1d", MAX_POOL),
  "nn.functional.max_pool2d": pooling("max_pool2d", MAX_POOL),
  "nn.functional.max_pool3d": pooling("max_pool3d", MAX_POOL),
  "nn.functional.avg_pool1d": pooling("avg_pool1d", AVG_POOL),
  "nn.functional.avg_pool2d": pooling("avg_pool2d", AVG_POOL),
  "nn.functional.avg_pool3d": pooling("avg_pool3d", AVG_POOL),
  "nn.functional.adaptive_avg_pool1d": renamed("adaptive_avg_pool1d", ([x, size]) => [
    x,
    Array.isArray(size) ? size[0] : size,
  ]),
  "nn.functional.max_pool2d_with_indices": (find) => {
    const fn = pooling("max_pool2d", MAX_POOL)(find);
    return fn && ((inputs, kwargs) => fn(inputs, { ...kwargs, return_indices: true }));
  },
  "nn.functional.tanh": renamed("tanh"),
  "nn.functional.sigmoid": renamed("sigmoid"),
};
