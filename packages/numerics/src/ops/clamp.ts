import { contiguousCopy } from "../copy.ts";
import { asTensor } from "../create.ts";
import { isFloatingPoint } from "../dtype.ts";
import { ArgumentError } from "../errors.ts";
import { piecewiseOp } from "../families/piecewise.ts";
import type { OnnxBuilder, OnnxValue } from "../graph/onnx.ts";
import { apply, type OneOutput, unsupported } from "../op.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { ge } from "./ge.ts";
import { le } from "./le.ts";
import { logicalOr } from "./logical.ts";
import { ne } from "./ne.ts";
import { to } from "./to.ts";
import { where } from "./where.ts";

interface Bounds {
  readonly low: number;
  readonly high: number;
  /** Whether the gradient stops at the bounds themselves, as `hardtanh`'s does. */
  readonly open: boolean;
}

const gradientOp: OneOutput<Bounds> = {
  name: "clampGrad",
  shape: ([x]) => x!,
  forward: (k, [x, dy], { low, high, open }, { shape, dtype }) => {
    const dx = allocate(shape, dtype);
    const [a, d] = [x!, dy!].map((t) => (t.isContiguous() ? t : contiguousCopy(t)));
    const kernel = k.clampGrad[dtype as "float32" | "float64"];
    if (dx.size > 0) kernel(a!.ptr, d!.ptr, dx.ptr, dx.size, low, high, open ? 1 : 0);
    return dx;
  },
  gradient: ({ inputs: [x], dy: ddx, attrs, needs }) => [null, needs[1] ? apply(gradientOp, [x!, ddx], attrs) : null],
  saves: { inputs: [0] },
  onnx: unsupported("gradients are not exported"),
};

const op = /* @__PURE__ */ piecewiseOp<Bounds>({
  name: "clamp",
  kernel: (k) => k.clamp,
  parameters: ({ low, high }) => [low, high],
  gradient: ({ inputs: [x], dy, attrs }) => [apply(gradientOp, [x!, dy], attrs)],
  saves: { inputs: "all" },
  onnx: (g, [x], { low, high }) => {
    const bound = (v: number) => (Number.isFinite(v) ? g.constant(v) : null);
    return clip(g, x!, bound(low), bound(high));
  },
});

function clip(g: OnnxBuilder, x: OnnxValue, low: OnnxValue | null, high: OnnxValue | null): OnnxValue {
  return g.node("Clip", high === null ? (low === null ? [x] : [x, low]) : [x, low, high]);
}

export interface ClampOptions {
  /** Lower bound, a number or a tensor. Default: none. */
  readonly min?: TensorArg;
  /** Upper bound. Where it is below the lower one, it is the result. Default: none. */
  readonly max?: TensorArg;
}

// A number that an integer tensor can hold keeps the integers; 1.5 makes floats of them.
function fits(x: Tensor, bound: unknown): boolean {
  return bound === undefined || (typeof bound === "number" && (isFloatingPoint(x.dtype) || Number.isInteger(bound)));
}

/**
 * `min(max(x, min), max)`. The gradient passes where `min <= x <= max`, ends included; elsewhere it goes to the bound, if
 * that is a tensor.
 * @throws ArgumentError without any bound.
 */
export function clamp(x: TensorArg, options: ClampOptions): Tensor {
  const { min, max } = options;
  if (min === undefined && max === undefined) {
    throw new ArgumentError({ op: "clamp", rule: "needs a bound", expected: "min, max or both" });
  }
  const t = asTensor(x);
  if (t.dtype !== "bool" && fits(t, min) && fits(t, max)) {
    const low = (min as number | undefined) ?? Number.NEGATIVE_INFINITY;
    const high = (max as number | undefined) ?? Number.POSITIVE_INFINITY;
    return apply(op, [t], { low, high, open: false });
  }
  const lower = min === undefined ? t : bounded(t, asTensor(min), ge);
  return max === undefined ? lower : bounded(lower, asTensor(max), le);
}

// The value where it keeps to the bound or is NaN, else the bound.
function bounded(x: Tensor, bound: Tensor, keeps: (a: Tensor, b: Tensor) => Tensor): Tensor {
  return where(logicalOr(keeps(x, bound), ne(x, x)), x, bound);
}

/**
 * `min(max(x, minVal), maxVal)`; the derivative at the corners is 0.
 * @param options.minVal default -1
 * @param options.maxVal default 1
 */
export function hardtanh(
  x: TensorArg,
  { minVal = -1, maxVal = 1 }: { readonly minVal?: number; readonly maxVal?: number } = {},
): Tensor {
  return apply(op, [numeric(x)], { low: minVal, high: maxVal, open: true });
}

/** `min(max(x, 0), 6)`; the derivative at the corners is 0. */
export function relu6(x: TensorArg): Tensor {
  return apply(op, [numeric(x)], { low: 0, high: 6, open: true });
}

function numeric(x: TensorArg): Tensor {
  const t = asTensor(x);
  return t.dtype === "bool" ? to(t, "float32") : t;
}
