import { onesLike } from "../create.ts";
import { ArgumentError, GraphError, ShapeError } from "../errors.ts";
import type { OpDefinition } from "../op.ts";
import { add } from "../ops/add.ts";
import { clone } from "../ops/clone.ts";
import { sumTo } from "../ops/sum-to.ts";
import { to } from "../ops/to.ts";
import { runtime } from "../runtime.ts";
import { adopt, Scope } from "../scope.ts";
import { formatShape, sameShape } from "../shape.ts";
import { aliasOf, type BackwardOptions, type Tensor } from "../tensor.ts";
import type { Edge, GradNode } from "./node.ts";

/** What happens to a gradient that arrives at a leaf. */
type LeafSink = (leaf: Tensor, gradient: Tensor) => void;

interface Pass {
  readonly retainGraph: boolean;
  readonly createGraph: boolean;
  readonly sink: LeafSink;
}

/** `Tensor.backward`: adds gradients to the leaves' `grad`. */
export function backward(root: Tensor, gradient: Tensor | undefined, options: BackwardOptions): void {
  const createGraph = options.createGraph ?? false;
  const seed = seedFor("backward", root, gradient);
  run([[root, seed]], {
    createGraph,
    retainGraph: options.retainGraph ?? createGraph,
    sink: createGraph ? accumulateRecorded : accumulate,
  });
}

export interface GradOptions extends BackwardOptions {
  /** Gradients of the loss with respect to the outputs; may be left out for outputs with one element. */
  readonly gradOutputs?: readonly (Tensor | undefined)[];
  /** Gives null for an input that the outputs do not depend on, instead of an error. Default false. */
  readonly allowUnused?: boolean;
}

/**
 * Gradients of the outputs' sum with respect to `inputs`, returned instead of accumulated in `grad`.
 * @throws GraphError if an output does not depend on an input (unless `allowUnused`).
 */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: readonly Tensor[],
  options: GradOptions = {},
): (Tensor | null)[] {
  const roots = Array.isArray(outputs) ? (outputs as readonly Tensor[]) : [outputs as Tensor];
  const createGraph = options.createGraph ?? false;
  const found = new Map<Tensor, Tensor>();
  const keep = (target: Tensor, gradient: Tensor) => {
    const before = found.get(target);
    const sum = before === undefined ? gradient : createGraph ? add(before, gradient) : addInto(before, gradient);
    found.set(target, sum);
  };
  const watched = inputs.filter((x) => x.node !== null);
  for (const x of watched) x.node!.retainGradOf(x);
  try {
    run(
      roots.map((root, i) => [root, seedFor("grad", root, options.gradOutputs?.[i])]),
      { createGraph, retainGraph: options.retainGraph ?? createGraph, sink: keep },
    );
    return inputs.map((x) => {
      const gradient = x.node === null ? found.get(x.source ?? x) : takeRetained(x);
      if (gradient === undefined && options.allowUnused !== true) {
        throw new GraphError({
          op: "grad",
          rule: "an output does not depend on an input",
          received: `input ${inputs.indexOf(x)} of shape ${formatShape(x.shape)}`,
          hint: "Pass allowUnused: true to get null for it",
        });
      }
      if (gradient !== undefined) adopt(gradient, runtime.scope);
      return gradient ?? null;
    });
  } finally {
    for (const x of watched) x.node!.retaining = x.node!.retaining?.filter((t) => t !== x) ?? null;
  }
}

function takeRetained(x: Tensor): Tensor | undefined {
  const gradient = x.borrowGrad();
  if (gradient === null) return undefined;
  const copy = aliasOf(gradient);
  x.grad = null;
  return copy;
}

function seedFor(op: string, root: Tensor, gradient: Tensor | undefined): Tensor {
  if (root.node === null && !root.requiresGrad) {
    throw new GraphError({
      op,
      rule: "the tensor has no history",
      received: `${formatShape(root.shape)} ${root.dtype}, made without a tensor that requires grad`,
      hint: "Set requiresGrad on the inputs or parameters, and compute outside noGrad()",
    });
  }
  if (gradient === undefined) {
    if (root.size !== 1) {
      throw new ArgumentError({
        op,
        rule: "only a tensor with one element has an implicit gradient",
        received: formatShape(root.shape),
        hint: "Reduce the loss (sum, mean), or pass a gradient of the tensor's shape",
      });
    }
    const seed = onesLike(root);
    seed.ownedByTape = true;
    return seed;
  }
  if (!sameShape(gradient.shape, root.shape)) {
    throw new ShapeError({
      op,
      rule: "the gradient's shape differs from the tensor's",
      received: formatShape(gradient.shape),
      expected: formatShape(root.shape),
    });
  }
  return gradient;
}

function run(roots: readonly (readonly [Tensor, Tensor])[], pass: Pass): void {
  const nodes = reachable(roots.map(([root]) => root.node));
  const { gradEnabled, scope, tracer } = runtime;
  // Everything that the pass makes belongs to it; what leaves (gradients of leaves) is adopted one by one.
  const inner = new Scope(scope);
  runtime.gradEnabled = pass.createGraph;
  runtime.tracer = null;
  if (!pass.createGraph) runtime.scope = inner;
  try {
    for (const [root, seed] of roots) {
      const edge: Edge = {
        node: root.node,
        index: root.outputIndex,
        leaf: root.node === null ? (root.source ?? root) : null,
      };
      deliver(edge, aliasOf(seed), root, pass);
      if (seed.ownedByTape && !pass.createGraph) seed.dispose();
    }
    for (const node of nodes) visit(node, pass);
  } finally {
    runtime.gradEnabled = gradEnabled;
    runtime.scope = scope;
    runtime.tracer = tracer;
    for (const node of nodes) {
      if (node.grads !== null) for (const g of node.grads) g?.dispose();
      node.grads = null;
    }
    inner.close(new Set());
  }
}

/** All nodes behind the roots, later ones first. */
function reachable(roots: readonly (GradNode | null)[]): GradNode[] {
  const seen = new Set<GradNode>();
  const pending: GradNode[] = [];
  const push = (node: GradNode | null) => {
    if (node !== null && !seen.has(node)) {
      seen.add(node);
      pending.push(node);
    }
  };
  roots.forEach(push);
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const edge of node.edges) if (edge !== null) push(edge.node);
  }
  return [...seen].sort((a, b) => b.id - a.id);
}

function visit(node: GradNode, pass: Pass): void {
  const { grads } = node;
  if (grads === null) return;
  if (node.retaining !== null) retain(node, grads, pass);
  const results = gradientsOf(node, grads, pass);
  for (let i = 0; i < node.edges.length; i++) {
    const edge = node.edges[i]!;
    const result = results[i];
    if (edge === null || edge === undefined || result === null || result === undefined) continue;
    deliver(edge, result, node.specs[i]!, pass, node);
  }
  if (!pass.createGraph) for (const g of grads) g?.dispose();
  node.grads = null;
  if (!pass.retainGraph) node.release();
}

function retain(node: GradNode, grads: readonly (Tensor | null)[], pass: Pass): void {
  for (const tensor of node.retaining!) {
    const g = grads[tensor.outputIndex];
    if (g === null || g === undefined) continue;
    tensor.grad = pass.createGraph ? g : owned(aliasOf(g));
  }
}

/** Calls the operation's gradient; the results are handles that belong to the caller alone. */
function gradientsOf(
  node: GradNode,
  grads: readonly (Tensor | null)[],
  pass: Pass,
): readonly (Tensor | null | undefined)[] {
  checkUsable(node);
  const op = node.op as OpDefinition<unknown>;
  if (typeof op.gradient !== "function") return [];
  const { scope } = runtime;
  const inner = new Scope(scope);
  if (!pass.createGraph) runtime.scope = inner;
  try {
    const results = op.gradient({
      inputs: node.inputs as Tensor[],
      outputs: node.outputs,
      specs: node.specs,
      dy: grads[0] as Tensor,
      dys: grads,
      attrs: node.attrs,
      needs: node.needs,
    });
    if (pass.createGraph) return results;
    return results.map((g, i) => (g === null || g === undefined || node.edges[i] === null ? null : aliasOf(g)));
  } finally {
    runtime.scope = scope;
    inner.close(new Set());
  }
}

function checkUsable(node: GradNode): void {
  if (node.released && node.savesAnything) {
    throw new GraphError({
      op: "backward",
      rule: `the graph was already freed by an earlier backward() (at ${node.op.name})`,
      hint: "Pass retainGraph: true to the first call, or compute the forward pass again",
    });
  }
  const stale = node.staleInput();
  if (stale >= 0) {
    throw new GraphError({
      op: "backward",
      rule: `a value that ${node.op.name} needs was changed in place`,
      received: `saved value ${stale}`,
      hint: "Change it before the forward pass or after backward(), or use the form that returns a new tensor",
    });
  }
}

/** Hands a gradient on, in the shape and dtype of the value it belongs to. Takes over the handle. */
function deliver(
  edge: Edge,
  gradient: Tensor,
  spec: { shape: readonly number[]; dtype: Tensor["dtype"] },
  pass: Pass,
  from?: GradNode,
): void {
  let g = gradient;
  if (!sameShape(g.shape, spec.shape)) g = replace(g, reduceTo(g, spec.shape, from), pass);
  if (g.dtype !== spec.dtype) g = replace(g, to(g, spec.dtype), pass);
  if (edge.node === null) {
    pass.sink(edge.leaf!, g);
    return;
  }
  edge.node.grads ??= new Array<Tensor | null>(edge.node.outputSpecs.length).fill(null);
  const { grads } = edge.node;
  const before = grads[edge.index]!;
  if (before === null) grads[edge.index] = g;
  else grads[edge.index] = pass.createGraph ? add(before, g) : addInto(before, g);
}

function replace(old: Tensor, made: Tensor, pass: Pass): Tensor {
  if (pass.createGraph || old === made) return made;
  const handle = take(made);
  old.dispose();
  return handle;
}

/** The same tensor as a handle that no scope owns. */
function take(made: Tensor): Tensor {
  const handle = aliasOf(made);
  made.dispose();
  return handle;
}

function reduceTo(g: Tensor, shape: readonly number[], from: GradNode | undefined): Tensor {
  try {
    return sumTo(g, shape);
  } catch (cause) {
    throw new GraphError({
      op: from?.op.name ?? "backward",
      rule: "its gradient has the wrong shape",
      received: formatShape(g.shape),
      expected: `${formatShape(shape)}, or a shape that it broadcasts to`,
      cause,
    });
  }
}

/** a + b, in a's memory where nothing else reads it. Takes over both handles. */
function addInto(a: Tensor, b: Tensor): Tensor {
  if (a.storage.refs === 1 && a.isContiguous()) {
    a.add_(b);
    b.dispose();
    return a;
  }
  const sum = take(add(a, b));
  a.dispose();
  b.dispose();
  return sum;
}

/** Marks a gradient as ours to free, and leaves its memory to the garbage collector should the leaf be dropped. */
function owned(gradient: Tensor): Tensor {
  gradient.ownedByTape = true;
  gradient.storage.guard();
  return gradient;
}

function accumulate(leaf: Tensor, gradient: Tensor): void {
  const before = leaf.borrowGrad();
  if (before !== null) {
    before.add_(gradient);
    gradient.dispose();
    return;
  }
  // The leaf's gradient will be written in place later: it must not share memory with anything.
  const exclusive = gradient.storage.refs === 1 && gradient.isContiguous();
  const handle = exclusive ? gradient : take(clone(gradient));
  if (!exclusive) gradient.dispose();
  leaf.grad = owned(handle);
}

function accumulateRecorded(leaf: Tensor, gradient: Tensor): void {
  const before = leaf.borrowGrad();
  leaf.grad = before === null ? gradient : add(before, gradient);
}
