import * as losses from "@tenon/losses";
import type { Tensor } from "@tenon/numerics";
import * as numerics from "@tenon/numerics";
import { camelCase } from "../conformance/lookup.ts";
import type { Column } from "./vectors.ts";

type AnyFunction = (...args: unknown[]) => Tensor;
type Inputs = Readonly<Record<string, Tensor>>;

/** How a function of the manifest is called here, if it is there, and what bar it has beside the usual one. */
export interface Row {
  readonly call: ((inputs: Inputs) => Tensor) | undefined;
  /** Inputs that must be equal in one call, because they are options here: `delta`. */
  readonly option?: string;
  /** The largest term of element i, where terms cancel at a zero of the result. */
  readonly term?: (columns: Readonly<Record<string, Column>>) => (i: number) => number;
}

function find(library: object, name: string): AnyFunction | undefined {
  const value = (library as Record<string, unknown>)[name];
  return typeof value === "function" ? (value as AnyFunction) : undefined;
}

/** A loss without reduction, with its options. */
function loss(name: string, inputs: readonly string[], options: (inputs: Inputs) => object = () => ({})) {
  const fn = find(losses, name);
  return fn && ((given: Inputs) => fn(...inputs.map((key) => given[key]), { reduction: "none", ...options(given) }));
}

function binary(name: string) {
  const fn = find(numerics, name);
  return fn && (({ a, b }: Inputs) => fn(a, b));
}

function largest({ a, b }: Readonly<Record<string, Column>>) {
  return (i: number) => Math.max(Math.abs(a![i]!), Math.abs(b![i]!));
}

function logOf(x: number): number {
  return x > 0 ? Math.abs(Math.log(x)) : 0;
}

/** Functions whose name or call is not simply the manifest's in camel case. */
const ROWS: Readonly<Record<string, Row>> = {
  gelu_tanh: {
    call: (() => {
      const gelu = find(numerics, "gelu");
      return gelu && (({ x }: Inputs) => gelu(x, { approximate: "tanh" }));
    })(),
  },
  bce_with_logits: {
    call: loss("binaryCrossEntropyWithLogits", ["x", "t"], ({ pos_weight }) => ({ posWeight: pos_weight })),
    // The gradient is a difference where the probability meets the target.
    term:
      ({ t, pos_weight: w }) =>
      (i) =>
        Math.max(Math.abs(t![i]! * w![i]!), Math.abs(1 - t![i]!)),
  },
  bce: { call: loss("binaryCrossEntropy", ["p", "t"], () => ({ clampLog: false })) },
  kl_div: {
    call: loss("klDiv", ["x", "t"]),
    term:
      ({ x, t }) =>
      (i) =>
        Math.abs(t![i]!) * Math.max(1, logOf(t![i]!), Math.abs(x![i]!)) + Math.abs(x![i]!) + logOf(t![i]!),
  },
  kl_div_log_target: {
    call: loss("klDiv", ["x", "t"], () => ({ logTarget: true })),
    term:
      ({ x, t }) =>
      (i) =>
        Math.exp(t![i]!) * Math.max(1, Math.abs(t![i]!), Math.abs(x![i]!)),
  },
  huber: {
    call: loss("huberLoss", ["x", "t"], ({ delta }) => ({ delta: delta!.data()[0] })),
    option: "delta",
  },
  smooth_l1: {
    call: loss("smoothL1Loss", ["x", "t"], ({ beta }) => ({ beta: beta!.data()[0] })),
    option: "beta",
  },
  soft_margin: { call: loss("softMarginLoss", ["x", "y"]) },
  soft_hinge: { call: loss("softHingeLoss", ["x", "y"]) },
  poisson_nll_log: {
    call: loss("poissonNllLoss", ["x", "t"]),
    term:
      ({ x, t }) =>
      (i) =>
        Math.max(Math.exp(x![i]!), Math.abs(x![i]! * t![i]!), Math.abs(t![i]!)),
  },
  poisson_nll_log_full: {
    call: loss("poissonNllLoss", ["x", "t"], () => ({ full: "stirling" })),
    term:
      ({ x, t }) =>
      (i) =>
        Math.max(Math.exp(x![i]!), Math.abs(x![i]! * t![i]!), t![i]! * logOf(t![i]!)),
  },
  poisson_nll: {
    call: loss("poissonNllLoss", ["x", "t"], () => ({ logInput: false })),
    term:
      ({ x, t }) =>
      (i) =>
        Math.max(Math.abs(x![i]!), Math.abs(t![i]! * logOf(x![i]! + 1e-8))),
  },
  gaussian_nll: {
    call: loss("gaussianNllLoss", ["x", "t", "var"]),
    term:
      ({ var: v }) =>
      (i) =>
        Math.max(1, logOf(v![i]!)),
  },
  logaddexp: { call: binary("logaddexp"), term: largest },
  logaddexp2: { call: binary("logaddexp2"), term: largest },
};

/** The row of a function by the manifest's name. */
export function rowOf(name: string, inputs: readonly string[]): Row {
  const row = ROWS[name];
  if (row !== undefined) return row;
  const fn = find(numerics, camelCase(name));
  return { call: fn && ((given) => fn(...inputs.map((key) => given[key]))) };
}
