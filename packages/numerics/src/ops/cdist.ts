import { isGradEnabled } from "../autograd/grad-mode.ts";
import { asTensor } from "../create.ts";
import { promoteTypes } from "../dtype.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { floatDType } from "../families/along-dim.ts";
import { reduceNode } from "../families/reduction.ts";
import type { Lowering } from "../graph/onnx.ts";
import { apply, nonDifferentiable, type OneOutput, unsupported } from "../op.ts";
import { engine } from "../runtime.ts";
import { broadcastShapes, formatShape, sizeOfShape } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { abs } from "./abs.ts";
import { contiguous } from "./contiguous.ts";
import { div } from "./div.ts";
import { eq } from "./eq.ts";
import { expand } from "./expand.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { norm } from "./norm.ts";
import { pow } from "./pow.ts";
import { reshape } from "./reshape.ts";
import { sign } from "./sign.ts";
import { unsqueeze } from "./squeeze.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";
import { to } from "./to.ts";
import { where } from "./where.ts";

interface Order {
  readonly p: number;
}

interface GradAttrs extends Order {
  /** Whether the gradient is the second input's. */
  readonly second: boolean;
}

const BLOCKS = 64;

/** Inputs dy [B, n, k], a [B, n, m], b [B, k, m]. First derivatives only. */
const gradient: OneOutput<GradAttrs> = {
  name: "cdistGrad",
  shape: ([, a, b], { second }) => (second ? b! : a!),
  forward: (k, inputs, { p, second }, { shape, dtype }) => {
    const [dy, a, b] = inputs.map(contiguous);
    const dx = allocate(shape, dtype);
    const [batch, rows, size] = shape as [number, number, number];
    const others = (second ? a! : b!).shape[1]!;
    const blocks = Math.max(1, Math.min(BLOCKS, batch * rows));
    const partial = engine().scratch(8 * blocks * (size + 8));
    const steps: [number, number] = second ? [1, rows] : [others, 1];
    const kernel = k.pairDistanceGrad[dtype as "float32"];
    if (dx.size === 0) return dx;
    const [own, other] = second ? [b!.ptr, a!.ptr] : [a!.ptr, b!.ptr];
    kernel(own, other, dy!.ptr, dx.ptr, partial, blocks, batch, rows, others, size, ...steps, p);
    return dx;
  },
  gradient: nonDifferentiable("recorded gradients are made of operations"),
  onnx: unsupported("it appears in gradients only"),
};

/** The derivative of the distance by each difference, `[B, n, k, m]`; 0 where the rows are equal. */
function slopes(a: Tensor, b: Tensor, p: number): Tensor {
  const d = sub(unsqueeze(a, 2), unsqueeze(b, 1));
  if (p === 0) return mul(d, 0);
  if (p === 1) return sign(d);
  const length = norm(d, -1, { p, keepdim: true });
  if (p === Number.POSITIVE_INFINITY) return mul(sign(d), to(eq(abs(d), length), d.dtype));
  const same = eq(length, 0);
  const ratio = div(d, where(same, 1, length));
  if (p === 2) return ratio;
  const none = eq(d, 0);
  return where(none, 0, mul(sign(d), pow(abs(where(none, 1, ratio)), p - 1)));
}

const onnx: Lowering<Order> = (g, [a, b], { p }) => {
  const d = g.node("Sub", [g.node("Unsqueeze", [a!, g.ints([2])]), g.node("Unsqueeze", [b!, g.ints([1])])]);
  const attrs = { dims: [3], keepdim: false };
  if (p === 1) return reduceNode("ReduceL1", 18)(g, [d], attrs);
  if (p === 2) return reduceNode("ReduceL2", 18)(g, [d], attrs);
  const magnitude = g.node("Abs", [d]);
  if (p === Number.POSITIVE_INFINITY) return reduceNode("ReduceMax", 18)(g, [magnitude], attrs);
  if (p === 0) return reduceNode("ReduceSum", 13)(g, [g.node("Sign", [magnitude])], attrs);
  const powers = reduceNode("ReduceSum", 13)(g, [g.node("Pow", [magnitude, g.constant(p)])], attrs);
  return g.node("Pow", [powers, g.constant(1 / p)]);
};

/** Inputs a [B, n, m], b [B, k, m]. */
const definition: OneOutput<Order> = {
  name: "cdist",
  shape: ([a, b]) => ({ shape: [a!.shape[0]!, a!.shape[1]!, b!.shape[1]!], dtype: a!.dtype }),
  forward: (k, [x, y], { p }, { shape, dtype }) => {
    const [a, b, d] = [contiguous(x!), contiguous(y!), allocate(shape, dtype)];
    const [batch, n, others] = shape as [number, number, number];
    if (d.size > 0) k.pairDistance[dtype as "float32"](a.ptr, b.ptr, d.ptr, batch, n, others, a.shape[2]!, p);
    return d;
  },
  gradient: ({ inputs: [a, b], dy, attrs, needs }) => {
    if (!isGradEnabled()) {
      return needs.map((wanted, i) => (wanted ? apply(gradient, [dy, a!, b!], { ...attrs, second: i === 1 }) : null));
    }
    const steps = mul(unsqueeze(dy, 3), slopes(a!, b!, attrs.p));
    return [needs[0] ? sum(steps, 2) : null, needs[1] ? neg(sum(steps, 1)) : null];
  },
  onnx,
};

export interface CdistOptions {
  /** Order of the distance: 0 (count of differences), 1, 2, Infinity or any other above 0. Default 2. */
  readonly p?: number;
}

/**
 * The distance between every row of `x1` and every row of `x2`: `d_ij = (sum_c |x1_ic - x2_jc|^p)^(1/p)`.
 *
 * Shapes: x1 `[..., n, m]`, x2 `[..., k, m]`, whose leading dimensions broadcast; result `[..., n, k]`. The differences are never held in memory.
 * Computed from them in float64 and rounded once: no `|a|^2 + |b|^2 - 2ab`, which cancels for close rows. The gradient at equal rows is 0.
 * @throws ShapeError unless both have rows of one length; ArgumentError for a negative p.
 * @example cdist([[0, 0], [3, 4]], [[0, 0]]).toArray() // [[0], [5]]
 */
export function cdist(x1: TensorArg, x2: TensorArg, { p = 2 }: CdistOptions = {}): Tensor {
  const given = [asTensor(x1), asTensor(x2)] as const;
  if (!(p >= 0)) throw new ArgumentError({ op: "cdist", rule: "p must be 0 or more", received: String(p) });
  const [left, right] = given.map(({ shape }) => shape) as [readonly number[], readonly number[]];
  if (left.length < 2 || right.length < 2 || left.at(-1) !== right.at(-1)) {
    throw new ShapeError({
      op: "cdist",
      rule: "takes rows of one length",
      received: `${formatShape(left)} and ${formatShape(right)}`,
      expected: "[..., n, m] and [..., k, m]",
    });
  }
  const dtype = promoteTypes(given[0].dtype, given[1].dtype);
  floatDType("cdist", { shape: [], dtype });
  const lead = broadcastShapes("cdist", left.slice(0, -2), right.slice(0, -2));
  const [a, b] = given.map((x) => {
    const tail = x.shape.slice(-2);
    return reshape(expand(to(x, dtype), [...lead, ...tail]), [sizeOfShape(lead), ...tail]);
  }) as [Tensor, Tensor];
  return reshape(apply(definition, [a, b], { p }), [...lead, left.at(-2)!, right.at(-2)!]);
}
