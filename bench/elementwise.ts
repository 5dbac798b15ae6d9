import { Tensor, where } from "@tenon/numerics";
import { fill, ints } from "./data.ts";
import { forward, operation, type Workload } from "./workload.ts";

type Range = readonly [number, number];

const S: Range = [-2, 2];
const P: Range = [0.5, 2];
const SIDE = 1024;

/** Forward on float32 operands of 1024 x 1024, operand i from seed i + 1. */
function row(name: string, ranges: readonly Range[], setup: () => (...x: Tensor[]) => Tensor): Workload {
  return {
    name: `ops/${name}`,
    make: () => {
      const compute = setup();
      const operands = ranges.map(([low, high], i) => fill(i + 1, [SIDE, SIDE], low, high));
      return forward(() => compute(...operands));
    },
  };
}

/** A function that is called with the operands alone. */
function plain(name: string, ranges: readonly Range[], called = name): Workload {
  return row(name, ranges, () => operation(called));
}

/** A function with further arguments, by name: it may not be there yet. */
function more(name: string, called: string, ...args: readonly unknown[]): Workload {
  return row(name, [S], () => {
    const fn = operation(called);
    return (x) => {
      const y: unknown = fn(x, ...args);
      if (y instanceof Tensor) return y;
      return Array.isArray(y) ? (y[0] as Tensor) : (y as { values: Tensor }).values;
    };
  });
}

export const workloads: readonly Workload[] = [
  ...["neg", "abs", "exp", "sin", "tanh", "sigmoid", "relu", "silu", "erf", "floor"].map((name) => plain(name, [S])),
  ...["log", "sqrt", "rsqrt"].map((name) => plain(name, [P])),
  row("clamp", [S], () => {
    const clamp = operation("clamp");
    return (x) => clamp(x, { min: -1, max: 1 });
  }),
  row("pow-scalar", [P], () => {
    const pow = operation("pow");
    return (x) => pow(x, 1.7);
  }),
  ...["add", "sub", "mul", "maximum"].map((name) => plain(name, [S, S])),
  plain("div", [S, P]),
  plain("pow", [P, S]),
  row("where", [S, S], () => (a, b) => where(a.gt(b), a, b)),
  row("greater", [S, S], () => (a, b) => a.gt(b)),
  row("add-row", [S], () => (x) => x.add(x.select(0, 0))),
  row("add-col", [S], () => (x) => x.add(x.narrow(1, 0, 1))),
  row("sum", [S], () => (x) => x.sum()),
  row("mean", [S], () => (x) => x.mean()),
  row("sum-dim0", [S], () => (x) => x.sum(0)),
  row("sum-dim1", [S], () => (x) => x.sum(1)),
  more("max-dim1", "max", 1),
  more("argmax-dim1", "argmax", 1),
  more("var-dim1", "var", 1),
  more("logsumexp-dim1", "logSumExp", 1),
  more("norm", "norm"),
  more("cumsum-dim1", "cumsum", 1),
  more("sort-dim1", "sort", 1),
  more("topk10-dim1", "topk", 10, 1),
  row("transpose-copy", [S], () => (x) => x.t().contiguous()),
  row("cat-dim1", [S, S], () => {
    const cat = operation("cat");
    return (a, b) => cat([a, b], 1);
  }),
  plain("clone", [S]),
  row("to-int32", [S], () => (x) => x.to("int32")),
  row("gather-rows", [S], () => {
    const indexSelect = operation("indexSelect");
    const rows = ints(9, SIDE, SIDE);
    return (x) => indexSelect(x, 0, rows);
  }),
];
