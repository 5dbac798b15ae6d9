import type { GradNode } from "./autograd/node.ts";
import { ArgumentError } from "./errors.ts";
import { runtime } from "./runtime.ts";
import { Tensor } from "./tensor.ts";

/**
 * Owns the tensors and tape nodes made while it is the innermost one. Closing it frees all of them, except the survivors
 * and what the tape behind the survivors needs; these pass to the scope outside, or to the garbage collector.
 */
export class Scope {
  readonly parent: Scope | null;
  readonly handles: Tensor[] = [];
  nodes: GradNode[] | null = null;

  constructor(parent: Scope | null) {
    this.parent = parent;
  }

  /** Ends an operation's own scope: no tape was recorded, `survivor` is its result. */
  closeKeeping(survivor: Tensor): void {
    const { handles } = this;
    for (let i = 0; i < handles.length; i++) {
      const handle = handles[i]!;
      if (handle !== survivor) handle.dispose();
    }
  }

  close(survivors: ReadonlySet<Tensor>): void {
    const nodes = this.nodes === null ? null : this.#survivingNodes(survivors);
    for (const handle of this.handles) {
      if (survivors.has(handle) || handle.kept) continue;
      handle.dispose();
    }
    for (const handle of this.handles) if (!handle.disposed) adopt(handle, handle.kept ? null : this.parent);
    if (nodes !== null) for (const node of nodes) adoptNode(node, this.parent);
  }

  /** Releases the nodes that no survivor can reach; returns the others. */
  #survivingNodes(survivors: ReadonlySet<Tensor>): GradNode[] {
    const reachable = new Set<GradNode>();
    const pending: GradNode[] = [];
    const visit = (node: GradNode | null) => {
      if (node !== null && !reachable.has(node)) {
        reachable.add(node);
        pending.push(node);
      }
    };
    for (const tensor of survivors) visit(tensor.node);
    for (const handle of this.handles) if (handle.kept) visit(handle.node);
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      for (const edge of node.edges) if (edge !== null) visit(edge.node);
    }
    const surviving: GradNode[] = [];
    for (const node of this.nodes!) {
      if (reachable.has(node)) surviving.push(node);
      else node.release();
    }
    return surviving;
  }
}

/** Puts a tensor under a scope's care, or the garbage collector's where there is none. */
export function adopt(tensor: Tensor, scope: Scope | null): void {
  if (scope === null) tensor.storage.guard();
  else scope.handles.push(tensor);
}

/** The same for what a tape node has saved. */
export function adoptNode(node: GradNode, scope: Scope | null): void {
  if (scope === null) node.guard();
  else if (scope.nodes === null) scope.nodes = [node];
  else scope.nodes.push(node);
}

function collectTensors(value: unknown, into: Set<Tensor>): void {
  if (value instanceof Tensor) into.add(value);
  else if (Array.isArray(value)) for (const item of value) collectTensors(item, into);
  else if (value instanceof Map) for (const item of value.values()) collectTensors(item, into);
  else if (value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
    for (const item of Object.values(value)) collectTensors(item, into);
  }
}

function isThenable(value: unknown): boolean {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

/** @throws ArgumentError if a mode was given an async function: the mode would leak into whatever else runs meanwhile. */
export function refuseAsync(op: string, result: unknown, instead: string): void {
  if (!isThenable(result)) return;
  // The rejection belongs to the promise we refuse, not to the process.
  (result as Promise<unknown>).then(undefined, () => {});
  throw new ArgumentError({
    op,
    rule: "takes a synchronous function",
    received: "a function that returned a promise, so the rest of it would run outside",
    hint: instead,
  });
}

/**
 * Runs `fn` and frees every tensor made inside, except those it returns (alone, or in arrays, plain objects and maps),
 * those given to `keep`, gradients of parameters, and what a returned tensor's `backward()` needs.
 *
 * @example
 * tidy(() => { const loss = mseLoss(net(x), y); loss.backward(); optimizer.step(); return loss.item(); });
 * @throws ArgumentError for an async function; use `using step = scope()` there.
 */
export function tidy<R>(fn: () => R): R {
  const inner = new Scope(runtime.scope);
  const survivors = new Set<Tensor>();
  runtime.scope = inner;
  try {
    const result = fn();
    refuseAsync("tidy", result, "Write `using step = scope();` at the top of the async block instead");
    collectTensors(result, survivors);
    return result;
  } finally {
    runtime.scope = inner.parent;
    inner.close(survivors);
  }
}

/** What `scope()` gives: frees at the end of its block what was made since. */
export interface TensorScope extends Disposable {
  /** Lets tensors outlive this scope; they pass to the scope outside. Returns its argument. */
  keep<T>(value: T): T;
}

/**
 * Opens a scope for the rest of a block, also across `await`: `using step = scope();`. Scopes must close in the reverse order of opening.
 */
export function scope(): TensorScope {
  const inner = new Scope(runtime.scope);
  const survivors = new Set<Tensor>();
  runtime.scope = inner;
  let open = true;
  return {
    keep(value) {
      collectTensors(value, survivors);
      return value;
    },
    [Symbol.dispose]() {
      if (!open) return;
      open = false;
      if (runtime.scope !== inner) {
        throw new ArgumentError({
          op: "scope",
          rule: "scopes must close in the reverse order of opening",
          hint: "Two async functions that hold scopes at the same time cannot share one thread; run them one after the other",
        });
      }
      runtime.scope = inner.parent;
      inner.close(survivors);
    },
  };
}

/** Lets tensors (alone, or in arrays, plain objects and maps) outlive every scope that is open. Returns its argument. */
export function keep<T>(value: T): T {
  const tensors = new Set<Tensor>();
  collectTensors(value, tensors);
  for (const tensor of tensors) tensor.kept = true;
  return value;
}
