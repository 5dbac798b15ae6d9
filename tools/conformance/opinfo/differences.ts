import { isTensorJson, numbersOfJson, type OpCase, type TensorJson } from "./case.ts";
import { ctcGradient } from "./ctc-gradient.ts";

/** Cases whose recorded value is not what we give on purpose. What is right is checked instead, and every one is printed. */
export interface Difference {
  readonly reason: string;
  /** The case with the outputs and gradients that are right, or undefined if it is not concerned. */
  readonly corrected: (c: OpCase) => OpCase | undefined;
}

function firstInput(c: OpCase): TensorJson | undefined {
  const [x] = c.inputs;
  return isTensorJson(x) ? x : undefined;
}

/** Limits at the infinities where PyTorch's formula gives NaN. */
function limits(ops: RegExp, minus: number | undefined, plus?: number): Difference["corrected"] {
  return (c) => {
    const x = firstInput(c);
    const [y] = c.outputs;
    if (!ops.test(c.op) || x === undefined || !isTensorJson(y)) return undefined;
    const values = numbersOfJson(x);
    const data = y.data.map((v, i) => {
      if (values[i] === Number.NEGATIVE_INFINITY) return minus ?? v;
      return values[i] === Number.POSITIVE_INFINITY ? (plus ?? v) : v;
    });
    return { ...c, outputs: [{ ...y, data }] };
  };
}

function strideOf(shape: readonly number[], dim: number): number {
  return shape.slice(dim + 1).reduce((n, size) => n * size, 1);
}

/** The positions of each line along `dim`. */
function linesOf(shape: readonly number[], dim: number): number[][] {
  const [size, step] = [shape[dim]!, strideOf(shape, dim)];
  const total = shape.reduce((n, s) => n * s, 1);
  const starts = Array.from({ length: total }, (_, i) => i).filter((i) => Math.floor(i / step) % size === 0);
  return starts.map((start) => Array.from({ length: size }, (_, k) => start + k * step));
}

/** Lines with one +Infinity: it takes all probability. PyTorch subtracts infinities and gives NaN for the line. */
function infiniteWinner(logarithm: boolean): Difference["corrected"] {
  return (c) => {
    const x = firstInput(c);
    const [y] = c.outputs;
    const pattern = logarithm ? /(^|\.)log_softmax$/ : /(^|\.)softmax$/;
    const dim = Number(c.kwargs.dim ?? c.inputs[1] ?? Number.NaN);
    if (!pattern.test(c.op) || x === undefined || !isTensorJson(y) || x.shape.length === 0 || Number.isNaN(dim)) {
      return undefined;
    }
    const values = numbersOfJson(x);
    const data: TensorJson["data"][number][] = [...y.data];
    for (const line of linesOf(x.shape, dim < 0 ? dim + x.shape.length : dim)) {
      const winners = line.filter((i) => values[i] === Number.POSITIVE_INFINITY);
      if (winners.length !== 1 || line.some((i) => Number.isNaN(values[i]!))) continue;
      for (const i of line) data[i] = logarithm ? (i === winners[0] ? 0 : "-Infinity") : Number(i === winners[0]);
    }
    return { ...c, outputs: [{ ...y, data }] };
  };
}

/** Sorted lines with elements that are equal: PyTorch leaves their order open (`stable` is another call), ours keeps it. */
function equalsInOrder(c: OpCase): OpCase | undefined {
  const x = firstInput(c);
  const [values, places] = c.outputs;
  if (!/^(sort|topk)$/.test(c.op) || x === undefined || !isTensorJson(values) || !isTensorJson(places))
    return undefined;
  const topk = c.op === "topk";
  const [first, second, third] = c.inputs.slice(1);
  const dim = Number((topk ? second : first) ?? c.kwargs.dim ?? -1);
  const down = Boolean(topk ? (third ?? c.kwargs.largest ?? true) : (second ?? c.kwargs.descending ?? false));
  if (x.shape.length === 0) return undefined;
  const at = dim < 0 ? dim + x.shape.length : dim;
  const numbers = numbersOfJson(x);
  const before = (a: number, b: number) => (Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : Number.isNaN(b) ? -1 : a - b);
  const data: TensorJson["data"][number][] = [...places.data];
  const targets = linesOf(values.shape, at);
  linesOf(x.shape, at).forEach((line, row) => {
    const order = line.map((_, i) => i);
    order.sort((i, j) => (down ? -1 : 1) * before(numbers[line[i]!]!, numbers[line[j]!]!));
    targets[row]!.forEach((to, i) => {
      data[to] = order[i]!;
    });
  });
  return { ...c, outputs: [values, { ...places, data }] };
}

/** Calls that ask for what a function does not have yet. */
export const ABSENT: readonly { readonly reason: string; readonly asks: (c: OpCase) => boolean }[] = [
  {
    reason: "embedding has no maxNorm and no scaleGradByFreq yet",
    asks: (c) => c.op === "nn.functional.embedding" && (asked(c, "max_norm") || asked(c, "scale_grad_by_freq")),
  },
  {
    reason: "norm has no nuclear norm yet",
    asks: (c) => c.op === "norm" && (c.inputs.includes("nuc") || c.kwargs.p === "nuc"),
  },
  { reason: "norm is of vectors; that of matrices is not there yet", asks: (c) => c.op === "linalg.norm" },
  {
    reason: "batchNorm refuses what has no channel dimension",
    asks: (c) => c.op === "nn.functional.batch_norm" && (firstInput(c)?.shape.length ?? 0) < 2,
  },
];

function asked(c: OpCase, name: string): boolean {
  return (c.kwargs[name] ?? false) !== false;
}

export const DIFFERENCES: readonly Difference[] = [
  {
    reason: "the derivative of t log t at 0 is -Infinity; PyTorch multiplies 0 by infinity",
    corrected: (c) => {
      const target = c.inputs[1];
      const g = c.grads[1];
      const cotangent = c.cotangents[0];
      if (c.op !== "nn.functional.kl_div" || c.kwargs.log_target === true || !isTensorJson(target)) return undefined;
      if (g === null || g === undefined || cotangent === null || cotangent === undefined) return undefined;
      const t = numbersOfJson(target);
      const seeds = numbersOfJson(cotangent);
      const sign = (i: number) => Math.sign(seeds.length === 1 ? seeds[0]! : seeds[i]!);
      const data = g.data.map((v, i) => (t[i] === 0 && v === "NaN" ? String(sign(i) * Number.NEGATIVE_INFINITY) : v));
      return { ...c, grads: [c.grads[0]!, { ...g, data }, ...c.grads.slice(2)] };
    },
  },
  { reason: "equal elements keep their order; PyTorch leaves it open", corrected: equalsInOrder },
  {
    reason: "x * sigmoid(x) has the limit 0 at -Infinity; PyTorch multiplies infinity by 0",
    corrected: limits(/^nn\.functional\.(silu|mish|gelu|hardswish)$/, 0),
  },
  {
    reason: "x / (1 + |x|) has the limits -1 and 1; PyTorch divides infinity by infinity",
    corrected: limits(/^nn\.functional\.softsign$/, -1, 1),
  },
  { reason: "a single +Infinity has probability 1; PyTorch gives NaN for the row", corrected: infiniteWinner(false) },
  {
    reason: "a single +Infinity has log-probability 0; PyTorch gives NaN for the row",
    corrected: infiniteWinner(true),
  },
  {
    reason: "the slope is 1/6; PyTorch 1.13 multiplies by 1/6 rounded to float32",
    corrected: (c) => {
      if (c.op !== "nn.functional.hardsigmoid") return undefined;
      const grads = c.grads.map((g, k) => {
        const y = c.outputs[k];
        const cotangent = c.cotangents[k];
        if (g === null || !isTensorJson(y) || cotangent === null || cotangent === undefined) return g;
        const inside = numbersOfJson(y).map((v) => Number(v > 0 && v < 1));
        const data = numbersOfJson(cotangent).map((v, i) => (inside[i]! * v) / 6);
        return { ...g, data: [...data] };
      });
      return { ...c, grads };
    },
  },
  {
    reason: "the gradient's denominator is at least 1e-12; PyTorch 1.13 takes 1e-12 rounded to float32",
    corrected: (c) => {
      const p = firstInput(c);
      const [g, ...rest] = c.grads;
      if (c.op !== "nn.functional.binary_cross_entropy" || p === undefined || g === null || g === undefined) {
        return undefined;
      }
      const values = numbersOfJson(p);
      const factor = Math.fround(1e-12) / 1e-12;
      const data = [...numbersOfJson(g)].map((v, i) => (values[i]! * (1 - values[i]!) < 1e-12 ? v * factor : v));
      return { ...c, grads: [{ ...g, data }, ...rest] };
    },
  },
  {
    reason: "the gradient is that of the log-probabilities; PyTorch gives the one of the logits before them",
    corrected: ctcGradient,
  },
];
