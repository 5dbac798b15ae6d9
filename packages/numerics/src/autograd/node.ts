import type { OpDefinition, TensorSpec } from "../op.ts";
import { aliasOf, type Tensor } from "../tensor.ts";

/** Where a gradient goes: to the node that made an input, or to a leaf's `grad`. */
export interface Edge {
  readonly node: GradNode | null;
  /** Which output of `node`. */
  readonly index: number;
  readonly leaf: Tensor | null;
}

let created = 0;

/** One recorded operation: what `backward()` needs to turn gradients of its outputs into gradients of its inputs. */
export class GradNode {
  /** Grows in order of recording, so that descending ids are a topological order. */
  readonly id: number;
  readonly op: OpDefinition<never>;
  readonly attrs: unknown;
  readonly edges: readonly (Edge | null)[];
  readonly specs: readonly TensorSpec[];
  readonly outputSpecs: readonly TensorSpec[];
  readonly savesAnything: boolean;
  inputs: (Tensor | undefined)[];
  /** With holes where an output is not saved. */
  outputs: Tensor[];
  /** Storage versions at the time of saving, inputs first. */
  versions: number[];
  released = false;
  /** Gradients of the outputs as they arrive during one backward pass. */
  grads: (Tensor | null)[] | null = null;
  /** Handles of outputs that asked for `retainGrad()`. */
  retaining: Tensor[] | null = null;

  constructor(op: OpDefinition<never>, attrs: unknown, inputs: readonly Tensor[], outputs: readonly Tensor[]) {
    this.id = ++created;
    this.op = op;
    this.attrs = attrs;
    const n = inputs.length;
    const edges = new Array<Edge | null>(n);
    const specs = new Array<TensorSpec>(n);
    const needs = new Array<boolean>(n);
    for (let i = 0; i < n; i++) {
      const x = inputs[i]!;
      edges[i] = edgeTo(x);
      needs[i] = edges[i] !== null;
      specs[i] = { shape: x.shape, dtype: x.dtype };
    }
    this.edges = edges;
    this.specs = specs;
    this.outputSpecs = outputs.map((y) => ({ shape: y.shape, dtype: y.dtype }));
    this.inputs = new Array(n);
    this.versions = [];
    for (const i of savedInputs(op, needs)) {
      const x = inputs[i]!;
      this.inputs[i] = aliasOf(x);
      this.versions[i] = x.storage.version;
    }
    this.outputs = [];
    for (const i of savedOutputs(op, outputs.length)) {
      const alias = aliasOf(outputs[i]!);
      alias.node = this;
      alias.outputIndex = i;
      alias.requiresGradFlag = true;
      this.outputs[i] = alias;
      this.versions[n + i] = alias.storage.version;
    }
    this.savesAnything = this.outputs.length > 0 || this.inputs.some((x) => x !== undefined);
  }

  get needs(): boolean[] {
    return this.edges.map((edge) => edge !== null);
  }

  /** Sets the `grad` of one of this node's outputs at the next backward pass. */
  retainGradOf(output: Tensor): void {
    this.retaining ??= [];
    this.retaining.push(output);
  }

  /** The position of a saved value that was changed in place since, or -1. */
  staleInput(): number {
    const all = [...this.inputs, ...this.outputs];
    return all.findIndex((x, i) => x !== undefined && x.storage.version !== this.versions[i]);
  }

  /** Gives up the saved values. */
  release(): void {
    if (this.released) return;
    this.released = true;
    for (const x of this.inputs) x?.dispose();
    for (const y of this.outputs) y?.dispose();
    this.inputs = [];
    this.outputs = [];
  }

  /** Leaves the saved values to the garbage collector: for a node that no scope owns. */
  guard(): void {
    for (const x of this.inputs) x?.storage.guard();
    for (const y of this.outputs) y?.storage.guard();
  }
}

function savedInputs(op: OpDefinition<never>, needs: readonly boolean[]): readonly number[] {
  const saves = op.saves?.inputs ?? "all";
  if (saves === "none") return [];
  if (saves === "all") return needs.map((_, i) => i);
  return typeof saves === "function" ? saves(needs) : saves;
}

function savedOutputs(op: OpDefinition<never>, count: number): readonly number[] {
  const saves = op.saves?.outputs ?? "none";
  if (saves === "none") return [];
  return saves === "all" ? Array.from({ length: count }, (_, i) => i) : saves.filter((i) => i < count);
}

function edgeTo(x: Tensor): Edge | null {
  if (x.node !== null) return { node: x.node, index: x.outputIndex, leaf: null };
  return x.requiresGradFlag ? { node: null, index: 0, leaf: x.source ?? x } : null;
}
