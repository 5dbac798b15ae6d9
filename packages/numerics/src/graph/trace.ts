import { asTensor } from "../create.ts";
import { GraphError } from "../errors.ts";
import type { OpDefinition } from "../op.ts";
import { runtime, type Tracer } from "../runtime.ts";
import { tidy } from "../scope.ts";
import { formatShape } from "../shape.ts";
import { Tensor, type TensorArg } from "../tensor.ts";
import {
  type Graph,
  type GraphConstant,
  type GraphNode,
  type GraphOutput,
  type GraphParameter,
  type GraphValue,
  prune,
} from "./graph.ts";

/** What a traced function may return. */
export type TraceOutput = Tensor | readonly Tensor[] | { readonly [name: string]: Tensor };

export interface TraceOptions {
  /** Names of the tensors that are the model's: parameters and buffers by their path. Others become constants. */
  readonly parameters?: Iterable<readonly [name: string, tensor: Tensor]>;
  /** Modules by their path: nodes then know which one called them. */
  readonly modules?: Iterable<readonly [path: string, module: object]>;
}

/**
 * Runs `fn` once on example inputs and gives the graph of what it did. The graph holds for these shapes, and for the way that the function
 * took: branches on shapes are frozen, and reading the value of a tensor that depends on an input is refused.
 *
 * What no output depends on is left out. Values that `fn` makes itself (`arange`, random numbers, captured tensors that `parameters` does not
 * name) are constants.
 *
 * @example trace((x: Tensor) => relu(x).sum(), [tensor([1, -2])]).nodes.map((node) => node.op.name) // ["relu", "sum"]
 * @throws GraphError if `fn` is asynchronous, reads values of tensors, changes state in place, or returns something else than tensors.
 */
export function trace(
  fn: (...inputs: Tensor[]) => unknown,
  exampleInputs: readonly TensorArg[],
  options: TraceOptions = {},
): Graph {
  const outer = runtime.tracer;
  let graph: Graph | null = null;
  tidy(() => {
    // Handles of their own: the same tensor given twice must be two inputs.
    const inputs = exampleInputs.map((x) => asTensor(x).detach());
    const recorder = new Recorder(inputs, options.parameters ?? []);
    const restore = watchModules(recorder, options.modules ?? []);
    runtime.tracer = recorder;
    try {
      graph = prune(recorder.graph(fn(...inputs)));
    } finally {
      runtime.tracer = outer;
      restore();
    }
  });
  return graph!;
}

class Recorder implements Tracer {
  readonly makesGraph = true;
  /** Path of the module that is running. */
  path = "";
  readonly #values = new Map<Tensor, GraphValue>();
  readonly #names: ReadonlyMap<Tensor, string>;
  readonly #dependent = new Set<GraphValue>();
  readonly #inputs: readonly GraphValue[];
  readonly #nodes: GraphNode[] = [];
  readonly #parameters: GraphParameter[] = [];
  readonly #constants: GraphConstant[] = [];

  constructor(inputs: readonly Tensor[], parameters: Iterable<readonly [string, Tensor]>) {
    this.#names = new Map([...parameters].map(([name, tensor]) => [tensor, name]));
    this.#inputs = inputs.map((x) => this.#bind(x));
    for (const value of this.#inputs) this.#dependent.add(value);
  }

  record(op: OpDefinition<never>, inputs: readonly Tensor[], attrs: unknown, outputs: readonly Tensor[]): void {
    if (outputs.includes(inputs[0]!)) this.#checkInPlace(op, inputs[0]!);
    const from = inputs.map((x) => this.#valueOf(x));
    const to = outputs.map((y) => this.#bind(y));
    if (from.some((value) => this.#dependent.has(value))) for (const value of to) this.#dependent.add(value);
    this.#nodes.push({ op, inputs: from, attrs, outputs: to, module: this.path });
  }

  reading(x: Tensor): void {
    const value = this.#values.get(x);
    if (value === undefined || !this.#dependent.has(value)) return;
    throw new GraphError({
      op: "trace",
      rule: "the value of a tensor that depends on the inputs was read",
      received: `item(), data(), view() or toArray() of a tensor ${formatShape(x.shape)} ${x.dtype}${where(this.path)}`,
      hint: "A graph cannot branch on values: choose with where(), or compute outside of the traced function",
    });
  }

  graph(result: unknown): Graph {
    const outputs = namedOutputs(result).map(([name, y]): GraphOutput => ({ name, value: this.#valueOf(y) }));
    return {
      inputs: this.#inputs,
      outputs,
      nodes: this.#nodes,
      parameters: this.#parameters,
      constants: this.#constants,
    };
  }

  #bind(x: Tensor): GraphValue {
    const value: GraphValue = { shape: x.shape, dtype: x.dtype };
    this.#values.set(x, value);
    return value;
  }

  #valueOf(x: Tensor): GraphValue {
    const known = this.#values.get(x);
    if (known !== undefined) return known;
    const value = this.#bind(x);
    const name = this.#names.get(x);
    if (name === undefined) this.#constants.push({ value, data: untraced(() => x.data()) });
    else this.#parameters.push({ name, value, tensor: x });
    return value;
  }

  /** A change in place makes a new value out of the target; nothing else may look at the memory. */
  #checkInPlace(op: OpDefinition<never>, target: Tensor): void {
    const shared = [...this.#values.keys()].some((x) => x !== target && x.storage === target.storage && !x.disposed);
    if (!shared && !this.#names.has(target)) return;
    throw new GraphError({
      op: "trace",
      rule: this.#names.has(target)
        ? "the state of the model was changed in place"
        : "a tensor with views was changed in place",
      received: `${op.name} on ${this.#names.get(target) ?? `a tensor ${formatShape(target.shape)} ${target.dtype}`}${where(this.path)}`,
      hint: "Call eval() first if the module updates statistics in training; else use the form that returns a new tensor",
    });
  }
}

function where(path: string): string {
  return path === "" ? "" : ` in ${path}`;
}

function untraced<R>(fn: () => R): R {
  const { tracer } = runtime;
  runtime.tracer = null;
  try {
    return fn();
  } finally {
    runtime.tracer = tracer;
  }
}

function namedOutputs(result: unknown): [string, Tensor][] {
  if (result instanceof Tensor) return [["output", result]];
  const plain = typeof result === "object" && result !== null && Object.getPrototypeOf(result) === Object.prototype;
  const entries: [string, unknown][] = Array.isArray(result)
    ? result.map((y, i) => [`output${i}`, y])
    : plain
      ? Object.entries(result)
      : [];
  if (entries.length > 0 && entries.every((entry): entry is [string, Tensor] => entry[1] instanceof Tensor)) {
    return entries;
  }
  const promise = typeof (result as { then?: unknown } | null | undefined)?.then === "function";
  throw new GraphError({
    op: "trace",
    rule: promise ? "takes a synchronous function" : "the function did not return tensors",
    received: promise ? "a promise" : Array.isArray(result) ? "a list" : `${result === null ? null : typeof result}`,
    expected: "a tensor, a list of tensors, or an object of tensors",
  });
}

/** Lets `recorder` know which module runs, until the returned function is called. */
function watchModules(recorder: Recorder, modules: Iterable<readonly [string, object]>): () => void {
  const undo: (() => void)[] = [];
  for (const [path, module] of modules) {
    const forward: unknown = Reflect.get(module, "forward");
    if (typeof forward !== "function") continue;
    const own = Object.getOwnPropertyDescriptor(module, "forward");
    const value = (...args: unknown[]): unknown => {
      const outside = recorder.path;
      recorder.path = path;
      try {
        return Reflect.apply(forward, module, args);
      } finally {
        recorder.path = outside;
      }
    };
    // Not enumerable: modules find what they hold by walking their fields.
    Object.defineProperty(module, "forward", { value, configurable: true, enumerable: false, writable: true });
    undo.push(() => {
      if (own === undefined) Reflect.deleteProperty(module, "forward");
      else Object.defineProperty(module, "forward", own);
    });
  }
  return () => {
    for (const each of undo) each();
  };
}
