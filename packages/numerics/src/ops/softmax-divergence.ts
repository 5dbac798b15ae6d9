import { isGradEnabled } from "../autograd/grad-mode.ts";
import { asTensor } from "../create.ts";
import { promoteTypes } from "../dtype.ts";
import { ShapeError } from "../errors.ts";
import { floatDType } from "../families/along-dim.ts";
import { apply, nonDifferentiable, type OneOutput, unsupported } from "../op.ts";
import { engine } from "../runtime.ts";
import { formatShape, normalizeDim, sameShape } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { abs } from "./abs.ts";
import { contiguous } from "./contiguous.ts";
import { expm1 } from "./expm1.ts";
import { isfinite } from "./is-nan.ts";
import { le } from "./le.ts";
import { logicalAnd } from "./logical.ts";
import { mul } from "./mul.ts";
import { ne } from "./ne.ts";
import { neg } from "./neg.ts";
import { movedim } from "./permute.ts";
import { softmax } from "./softmax.ts";
import { unsqueeze } from "./squeeze.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";
import { to } from "./to.ts";
import { where } from "./where.ts";

interface Attrs {
  /** Gives the rows in float64. */
  readonly exactRows: boolean;
}

interface GradAttrs {
  /** Whether the gradient is the target's. */
  readonly target: boolean;
}

const OP = "softmaxDivergence";
const BLOCKS = 16;

function run(x: Tensor, t: Tensor, scale: Tensor | null, out: readonly [rows: number, dx: number, dt: number]): void {
  const n = x.shape.at(-1)!;
  const outer = x.size / Math.max(1, n);
  if (x.size === 0) return;
  const blocks = Math.min(BLOCKS, outer);
  const scratch = engine().scratch(8 * blocks * 2 * (n + 8));
  const kernel = engine().kernels.softmaxDivergence[x.dtype as "float32"];
  kernel(contiguous(x).ptr, contiguous(t).ptr, scale?.ptr ?? 0, ...out, scratch, blocks, outer, n);
}

/** Rows lie along the last dimension. */
const definition: OneOutput<Attrs> = {
  name: OP,
  shape: ([x], { exactRows }) => ({ shape: x!.shape.slice(0, -1), dtype: exactRows ? "float64" : x!.dtype }),
  forward: (_k, [x, t], _attrs, { shape, dtype }) => {
    const rows = allocate(shape, "float64");
    run(x!, t!, null, [rows.ptr, 0, 0]);
    return to(rows, dtype);
  },
  gradient: ({ inputs: [x, t], outputs: [y], dy, needs }) => {
    if (isGradEnabled()) return recorded(x!, t!, y!, dy);
    return needs.map((wanted, i) => (wanted ? apply(gradient, [dy, x!, t!], { target: i === 1 }) : null));
  },
  saves: { inputs: "all", outputs: "all" },
  onnx: (g, [x, t]) => {
    const logP = g.node("LogSoftmax", [t!], { axis: -1 });
    const difference = g.node("Sub", [logP, g.node("LogSoftmax", [x!], { axis: -1 })]);
    return g.node("ReduceSum", [g.node("Mul", [g.node("Exp", [logP]), difference]), g.ints([-1])], { keepdims: 0 });
  },
};

const gradient: OneOutput<GradAttrs> = {
  name: `${OP}Grad`,
  shape: ([, x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  forward: (_k, [dy, x, t], { target }, { shape, dtype }) => {
    const dx = allocate(shape, dtype);
    run(x!, t!, contiguous(to(dy!, "float64")), target ? [0, 0, dx.ptr] : [0, dx.ptr, 0]);
    return dx;
  },
  gradient: nonDifferentiable("recorded gradients are made of operations"),
  onnx: unsupported("it appears in gradients only"),
};

/** Both gradients in operations: `q - p` without cancellation, and `p (log p - log q - loss)`. */
function recorded(x: Tensor, t: Tensor, y: Tensor, dy: Tensor): Tensor[] {
  const meant = ne(t, Number.NEGATIVE_INFINITY);
  const p = softmax(t, -1);
  const w = where(meant, sub(where(meant, x, 0), where(meant, t, 0)), 0);
  const v = where(meant, sub(w, sum(mul(p, w), -1, { keepdim: true })), 0);
  const growth = sub(v, unsqueeze(y, -1));
  const near = logicalAnd(meant, le(abs(growth), 1));
  const change = where(near, mul(p, expm1(where(near, growth, 0))), sub(softmax(x, -1), p));
  const turn = where(logicalAnd(ne(p, 0), isfinite(v)), neg(mul(p, v)), 0);
  const g = unsqueeze(dy, -1);
  return [mul(change, g), mul(turn, g)];
}

export interface SoftmaxDivergenceOptions {
  /** Gives the rows' divergences in float64, for a formula that goes on with them. Default false. */
  readonly exactRows?: boolean;
}

/**
 * Kullback-Leibler divergence between the distributions of two tensors of logits along `dim`: `sum_c p_c (log p_c - log q_c)`, q = softmax(input), p =
 * softmax(target). Same shape without `dim`.
 *
 * Computed from the differences of the logits in float64: 0 or more, and exact however close the distributions are; so are both gradients, `q - p` and
 * `p_c (log p_c - log q_c - y)`. A target logit of -Infinity excludes its class.
 * @throws ShapeError unless the shapes agree.
 * @example softmaxDivergence([[1, 2]], [[1, 2.001]], 1).toArray() // [9.826143099189721e-8]
 */
export function softmaxDivergence(
  input: TensorArg,
  target: TensorArg,
  dim: number,
  { exactRows = false }: SoftmaxDivergenceOptions = {},
): Tensor {
  const [x, t] = [asTensor(input), asTensor(target)];
  if (!sameShape(x.shape, t.shape)) {
    throw new ShapeError({
      op: OP,
      rule: "input and target must be logits of the same rows",
      received: `input ${formatShape(x.shape)}, target ${formatShape(t.shape)}`,
      expected: "the same shape",
    });
  }
  const dtype = promoteTypes(x.dtype, t.dtype);
  floatDType(OP, { shape: [], dtype });
  const at = normalizeDim(OP, dim, x.ndim);
  const inputs = [x, t].map((z) => movedim(to(z, dtype), at, -1));
  return apply(definition, inputs, { exactRows });
}
