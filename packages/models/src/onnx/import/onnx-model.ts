import {
  ArgumentError,
  type DType,
  isFloatingPoint,
  Parameter,
  type Tensor,
  tidy,
  to,
  UnsupportedError,
} from "@tenon/numerics";
import { Module } from "../../module.ts";
import type { Attributes } from "../operators/operator.ts";
import { operations } from "./table.ts";

/** A node as it is run. */
export interface ImportedNode {
  readonly name: string;
  readonly opType: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}

export interface ImportedGraph {
  readonly opset: number;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly ImportedNode[];
  readonly weights: ReadonlyMap<string, Tensor>;
}

/**
 * A model from an ONNX file. It is a module like any other: floating weights of one dimension or more are parameters under their names in the file, the
 * others buffers; it can be trained, saved and exported again. Called with the inputs in the file's order, it gives the output, or a list of several.
 */
export class OnnxModel extends Module {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly #graph: ImportedGraph;
  readonly #weights = new Map<string, Tensor>();

  constructor(graph: ImportedGraph) {
    super();
    this.#graph = graph;
    this.inputNames = graph.inputs;
    this.outputNames = graph.outputs;
    for (const [name, weight] of graph.weights) {
      const trained = isFloatingPoint(weight.dtype) && weight.ndim > 0;
      this.#weights.set(name, trained ? new Parameter(weight) : weight);
    }
  }

  /** The weights are not fields: their names may be any text. */
  protected override *members(): Generator<readonly [string, unknown]> {
    yield* this.#weights;
  }

  /** @throws UnsupportedError: the file says the element type of each value. */
  override to(dtype: DType): this {
    throw new UnsupportedError({
      op: "OnnxModel.to",
      rule: "a model from a file keeps its element types",
      received: dtype,
      hint: "Convert the model before it is exported",
    });
  }

  protected override describe(): string {
    const { inputNames, outputNames } = this;
    return `${inputNames.join(", ")} -> ${outputNames.join(", ")}, ${this.#graph.nodes.length} nodes`;
  }

  forward(...inputs: Tensor[]): Tensor | Tensor[] {
    const { inputNames, outputNames } = this;
    if (inputs.length !== inputNames.length) {
      throw new ArgumentError({
        op: "OnnxModel",
        rule: "the number of inputs differs",
        received: `${inputs.length}`,
        expected: `${inputNames.length}: ${inputNames.join(", ")}`,
      });
    }
    const results = tidy(() => {
      const values = new Map<string, Tensor>(this.#weights);
      for (const [i, name] of inputNames.entries()) values.set(name, inputs[i]!);
      for (const node of this.#graph.nodes) runNode(node, this.#graph.opset, values);
      return outputNames.map((name) => values.get(name)!);
    });
    return results.length === 1 ? results[0]! : results;
  }
}

function runNode(node: ImportedNode, opset: number, values: Map<string, Tensor>): void {
  const { opType, attributes, outputs } = node;
  const inputs = node.inputs.map((name) => values.get(name) ?? null);
  // Half precision is for storage: computed in float32 and rounded once. Casts say themselves what they give.
  const half = opType.startsWith("Cast") ? undefined : inputs.find((x) => x !== null && isHalf(x.dtype))?.dtype;
  const wide = half === undefined ? inputs : inputs.map((x) => (x !== null && isHalf(x.dtype) ? to(x, "float32") : x));
  const result = operations.get(opType)!({ inputs: wide, attributes, outputs: outputs.length, opset });
  const list: readonly Tensor[] = Array.isArray(result) ? result : [result as Tensor];
  outputs.forEach((name, i) => {
    const value = list[i];
    if (name === "") return;
    if (value === undefined) {
      throw new UnsupportedError({ op: "OnnxModel", rule: `${opType} gives one output here`, received: node.name });
    }
    values.set(name, half !== undefined && value.dtype === "float32" ? to(value, half) : value);
  });
}

function isHalf(dtype: DType): boolean {
  return dtype === "float16" || dtype === "bfloat16";
}
