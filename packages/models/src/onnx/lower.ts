import {
  type Graph,
  type GraphNode,
  type GraphValue,
  type Lowering,
  type OnnxValue,
  UnsupportedError,
} from "@tenon/numerics";
import { GraphBuilder } from "./builder.ts";
import type { OnnxGraph, OnnxNode } from "./ir.ts";

export interface LowerOptions {
  readonly opset: number;
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
}

/**
 * Writes a traced graph in ONNX's operators, with the sizes of the trace. What is written for an operation is the operation's own `onnx` member.
 * @throws UnsupportedError naming the operation that has no ONNX form; GraphError if one is wrong.
 */
export function lower(graph: Graph, { opset, inputNames, outputNames }: LowerOptions): OnnxGraph {
  const builder = new GraphBuilder(opset, outputNames);
  const values = new Map<GraphValue, OnnxValue>();
  for (const [i, value] of graph.inputs.entries()) values.set(value, builder.input(inputNames[i]!, value));
  for (const { name, value, tensor } of graph.parameters) values.set(value, builder.parameter(name, tensor));
  for (const { value, data } of graph.constants) values.set(value, builder.constant(data, value));
  const makers = new Map<GraphValue, GraphNode>();
  const find = (value: GraphValue): OnnxValue => values.get(value) ?? failMissing(makers.get(value)!);
  for (const node of graph.nodes) {
    builder.enter(node.op.name, node.module);
    const results = lowerNode(builder, node, node.inputs.map(find));
    for (const [i, value] of node.outputs.entries()) {
      makers.set(value, node);
      if (results[i] !== undefined) values.set(value, results[i]);
    }
  }
  const outputs = graph.outputs.map(({ value }) => find(value));
  return nameOutputs(builder, outputs, outputNames);
}

function failMissing({ op, module }: GraphNode): never {
  throw new UnsupportedError({
    op: "exportOnnx",
    rule: `${op.name} has an ONNX form for its first output only`,
    received: `a graph that uses another one${module === "" ? "" : ` in ${module}`}`,
  });
}

function lowerNode(builder: GraphBuilder, node: GraphNode, inputs: readonly OnnxValue[]): readonly OnnxValue[] {
  const { op, attrs, outputs, module } = node;
  if (typeof op.onnx !== "function") {
    throw new UnsupportedError({
      op: "exportOnnx",
      rule: `${op.name} has no ONNX form: ${op.onnx.unsupported}`,
      received: module === "" ? `a graph with ${op.name}` : `${op.name} in ${module}`,
      hint: "Replace it by other operations, or give its definition an `onnx` member (docs/guide/plug-ins.md)",
    });
  }
  const result = (op.onnx as Lowering<unknown>)(builder, inputs, attrs, outputs);
  const results: readonly OnnxValue[] = Array.isArray(result) ? result : [result as OnnxValue];
  outputs.forEach(({ shape, dtype }, i) => {
    const got = results[i];
    if (got === undefined || (got.dtype === dtype && got.shape.join() === shape.join())) return;
    throw builder.error(`output ${i} is [${got.shape}] ${got.dtype} and should be [${shape}] ${dtype}`, inputs);
  });
  return results;
}

/** Gives outputs their names. An output that is an input, a weight or another output gets a node of its own. */
function nameOutputs(builder: GraphBuilder, outputs: readonly OnnxValue[], names: readonly string[]): OnnxGraph {
  builder.enter("output", "");
  const taken = new Set<string>();
  const own = outputs.map((value, i) => {
    const settled = builder.settle(value, `${names[i]}_value`);
    const graph = builder.finish([]);
    const free = graph.nodes.some((node) => node.outputs.includes(settled.name)) && !taken.has(settled.name);
    const result = free ? settled : builder.node("Identity", [settled]);
    taken.add(result.name);
    return result.name;
  });
  const graph = builder.finish(names);
  const renamed = new Map(own.map((from, i) => [from, names[i]!]));
  const rename = (name: string) => renamed.get(name) ?? name;
  const nodes = withoutDead(graph.nodes, own).map((node) => ({
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
  }));
  const used = new Set([...graph.inputs, ...nodes.flatMap((node) => [...node.inputs, ...node.outputs])]);
  return {
    ...graph,
    nodes,
    initializers: new Map([...graph.initializers].filter(([name]) => used.has(name))),
    values: new Map(
      [...graph.values].map(([name, type]) => [rename(name), type] as const).filter(([n]) => used.has(n)),
    ),
  };
}

function withoutDead(nodes: readonly OnnxNode[], outputs: readonly string[]): OnnxNode[] {
  const needed = new Set(outputs);
  const alive: OnnxNode[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    alive.push(node);
    for (const name of node.inputs) needed.add(name);
  }
  return alive.reverse();
}
