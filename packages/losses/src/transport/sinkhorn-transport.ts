import {
  allocate,
  applyMulti,
  type ManyOutputs,
  type Tensor,
  type TensorSpec,
  UnsupportedError,
  unsupported,
  zeros,
} from "@tenon/numerics";
import { along, type Convergence, density, planOf, potentials, type TransportProblem } from "./sinkhorn-rows.ts";

export interface TransportAttrs extends Convergence {
  readonly eps: number;
}

/** One problem of a batch: its part of each tensor. */
function part(x: Tensor, n: number): Float64Array {
  const each = x.size / x.shape[0]!;
  return (x.contiguous().view() as Float64Array).slice(n * each, (n + 1) * each);
}

function problemAt([costs, a, b]: readonly Tensor[], n: number, { eps }: TransportAttrs): TransportProblem {
  return { costs: part(costs!, n), a: part(a!, n), b: part(b!, n), eps };
}

/** Fills one tensor of each spec by parts, a row of parts for each sample. */
function byParts(specs: readonly TensorSpec[], parts: (n: number) => readonly ArrayLike<number>[]): Tensor[] {
  const samples = specs[0]!.shape[0]!;
  const values = specs.map(({ shape }) => new Float64Array(shape.reduce((x, y) => x * y, 1)));
  for (let n = 0; n < samples; n++) {
    parts(n).forEach((made, i) => {
      values[i]!.set(made, n * made.length);
    });
  }
  return specs.map(({ shape, dtype }, i) => {
    const y = allocate(shape, dtype);
    if (y.size > 0) (y.view() as Float64Array).set(values[i]!);
    return y;
  });
}

function product(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}

/** Inputs costs `[B, n, m]`, weights a `[B, n]` and b `[B, m]`; outputs the value `[B]` and the potentials. */
const definition: ManyOutputs<TransportAttrs> = {
  name: "sinkhornTransport",
  shape: ([costs, a, b]) => [{ shape: [costs!.shape[0]!], dtype: costs!.dtype }, a!, b!],
  forward: (_k, inputs, attrs, specs) =>
    byParts(specs, (n) => {
      const problem = problemAt(inputs, n, attrs);
      const { f, g } = potentials(problem, attrs);
      return [[product(problem.a, f) + product(problem.b, g)], f, g];
    }),
  gradient: ({ inputs, outputs: [, f, g], dy, attrs }) =>
    applyMulti(gradDefinition, [dy, ...inputs, f!.detach(), g!.detach()], attrs),
  saves: { inputs: "all", outputs: [1, 2] },
  onnx: unsupported("ONNX has no operation that iterates until it has converged"),
};

/** By the envelope theorem: the plan, f and g. Inputs dy `[B]`, costs, a, b, f, g. */
const gradDefinition: ManyOutputs<TransportAttrs> = {
  name: "sinkhornTransportGrad",
  shape: ([, costs, a, b]) => [costs!, a!, b!],
  forward: (_k, [dy, costs, a, b, f, g], attrs, specs) =>
    byParts(specs, (n) => {
      const problem = problemAt([costs!, a!, b!], n, attrs);
      const at = { f: part(f!, n), g: part(g!, n) };
      const factor = part(dy!, n)[0]!;
      const plan = planOf(problem, density(problem, at));
      return [plan, at.f, at.g].map((values) => values.map((v) => factor * v));
    }),
  gradient: ({ inputs, dys, attrs, specs }) => {
    const directions = dys.map((v, i) => v ?? zerosLike(specs[i + 1]!));
    return [...applyMulti(secondDefinition, [...directions, ...inputs], attrs), null, null];
  },
  onnx: unsupported("it appears in gradients only"),
};

/** Derivatives of the gradient: inputs the directions of costs, a and b, then those of the gradient. */
const secondDefinition: ManyOutputs<TransportAttrs> = {
  name: "sinkhornTransportSecondGrad",
  shape: ([costs, a, b, dy]) => [dy!, costs!, a!, b!],
  forward: (_k, [v, va, vb, dy, costs, a, b, f, g], attrs, specs) =>
    byParts(specs, (n) => {
      const problem = problemAt([costs!, a!, b!], n, attrs);
      const at = { f: part(f!, n), g: part(g!, n) };
      const direction = { costs: part(v!, n), a: part(va!, n), b: part(vb!, n) };
      const moved = along(problem, at, direction);
      const plan = planOf(problem, density(problem, at));
      const slope = product(plan, direction.costs) + product(at.f, direction.a) + product(at.g, direction.b);
      const factor = part(dy!, n)[0]!;
      return [[slope], ...[moved.costs, moved.a, moved.b].map((values) => values.map((x) => factor * x))];
    }),
  gradient: () => {
    throw new UnsupportedError({ op: "sinkhornDivergence", rule: "third derivatives are not there" });
  },
  onnx: unsupported("it appears in gradients only"),
};

function zerosLike({ shape, dtype }: TensorSpec): Tensor {
  return zeros(shape, { dtype });
}

/**
 * The entropic cost of transport `min over P of <P, C> + eps KL(P | a b)`, P having the marginals a and b, which sum to 1. Costs `[B, n, m]`, weights `[B, n]` and
 * `[B, m]`, all float64, to `[B]`. Its gradient is that of the converged potentials; along the weights it is up to a constant.
 */
export function sinkhornTransport(costs: Tensor, a: Tensor, b: Tensor, attrs: TransportAttrs): Tensor {
  const [value, f, g] = applyMulti(definition, [costs, a, b], attrs);
  // The tape alone keeps the potentials.
  f!.dispose();
  g!.dispose();
  return value!;
}
