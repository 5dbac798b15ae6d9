import type { TypedArray } from "../dtype.ts";
import type { OpDefinition, TensorSpec } from "../op.ts";
import type { Tensor } from "../tensor.ts";

/** A tensor of a graph: known by its identity, described by shape and dtype. */
export type GraphValue = TensorSpec;

export interface GraphNode {
  /** The operation itself. */
  readonly op: OpDefinition<never>;
  readonly inputs: readonly GraphValue[];
  readonly attrs: unknown;
  readonly outputs: readonly GraphValue[];
  /** Path of the module that called it, such as `layer1.0.conv1`; "" outside of modules. */
  readonly module: string;
}

/** A value of the model: a parameter or a buffer. */
export interface GraphParameter {
  readonly name: string;
  readonly value: GraphValue;
  readonly tensor: Tensor;
}

/** A value that was there before the function ran, or that it made without any input. */
export interface GraphConstant {
  readonly value: GraphValue;
  /** Row-major, as it was when it was used. */
  readonly data: TypedArray;
}

export interface GraphOutput {
  /** `output`, `output0` and `output1` for a list, the keys for an object. */
  readonly name: string;
  readonly value: GraphValue;
}

/** What a function did with tensors: operations in the order in which they ran, each value made before it is used. */
export interface Graph {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphOutput[];
  readonly nodes: readonly GraphNode[];
  readonly parameters: readonly GraphParameter[];
  readonly constants: readonly GraphConstant[];
}

/** The same graph without nodes, parameters and constants on which no output depends. Inputs stay. */
export function prune(graph: Graph): Graph {
  const needed = new Set<GraphValue>(graph.outputs.map((output) => output.value));
  const nodes: GraphNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((value) => needed.has(value))) continue;
    nodes.push(node);
    for (const value of node.inputs) needed.add(value);
  }
  return {
    inputs: graph.inputs,
    outputs: graph.outputs,
    nodes: nodes.reverse(),
    parameters: graph.parameters.filter(({ value }) => needed.has(value)),
    constants: graph.constants.filter(({ value }) => needed.has(value)),
  };
}
