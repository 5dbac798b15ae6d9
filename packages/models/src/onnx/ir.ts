import type { DType, Tensor, TypedArray } from "@tenon/numerics";
import type { Attributes, ValueType } from "./operators/operator.ts";

/** A node on its way into the file. An input of "" is left out. */
export interface OnnxNode {
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
  /** The operation that it came from, for messages: `addmm in fc1`. */
  readonly origin: string;
}

/** A tensor that the file holds: a model's own, or an array. */
export interface Initializer {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: Tensor | TypedArray;
}

/** A graph in ONNX's terms, with the sizes of one trace. */
export interface OnnxGraph {
  readonly opset: number;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, Initializer>;
  /** Shape and dtype of every name. */
  readonly values: ReadonlyMap<string, ValueType>;
  /** Operator sets of other domains that nodes use. */
  readonly domains: readonly string[];
}
