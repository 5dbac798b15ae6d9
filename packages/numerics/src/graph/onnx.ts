import type { DType, TypedArray } from "../dtype.ts";

/** A tensor in an ONNX graph under construction. Sizes are concrete; what varies is found by comparing two of them. */
export interface OnnxValue {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/**
 * An attribute of a node. For operators of the standard a plain number is written as the type that the standard asks for (`alpha: 1` is a
 * float). Operators of other domains have no table to look in: there the long forms say it.
 */
export type OnnxAttribute =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] };

export interface OnnxNodeOptions {
  /** How many outputs the node has; those that are not used further cost nothing. Default 1. */
  readonly outputs?: number;
  /** Default: the standard's own, "". */
  readonly domain?: string;
  /** Shape and dtype of the outputs, for operators that the exporter does not know. */
  readonly specs?: readonly { readonly shape: readonly number[]; readonly dtype: DType }[];
}

/** What a lowering writes nodes with. The exporter implements it. */
export interface OnnxBuilder {
  /** The version of the standard operator set being written, 17 or more. */
  readonly opset: number;

  /**
   * Adds a node and gives its first output. `null` stands for an optional input left out; attributes that are undefined are left out. Operators are
   * written as in opset 18 and newer; constant inputs that were attributes before (the axes of reductions) are moved there.
   * @throws GraphError if the operator does not take these inputs or attributes.
   */
  node(
    opType: string,
    inputs: readonly (OnnxValue | null)[],
    attributes?: Readonly<Record<string, OnnxAttribute | undefined>>,
    options?: OnnxNodeOptions,
  ): OnnxValue;

  /** The same for several outputs. */
  nodes(
    opType: string,
    inputs: readonly (OnnxValue | null)[],
    attributes: Readonly<Record<string, OnnxAttribute | undefined>> | undefined,
    options: OnnxNodeOptions & { readonly outputs: number },
  ): OnnxValue[];

  /**
   * A constant tensor; a number makes a scalar, a list a vector. Without `dtype`, numbers take the one that the operator asks for beside its other
   * inputs, and float32 where it leaves the choice; typed arrays keep theirs.
   */
  constant(
    value: number | readonly number[] | TypedArray,
    options?: { readonly dtype?: DType; readonly shape?: readonly number[] },
  ): OnnxValue;

  /** A one-dimensional int64 constant: shapes, axes, slice bounds. */
  ints(values: readonly number[]): OnnxValue;

  /** `x` in another dtype; `x` itself if it has that already. */
  cast(x: OnnxValue, dtype: DType): OnnxValue;
}

/**
 * How an operation is written in ONNX: adds nodes to `g` and gives the value of each output, in order; outputs that only gradients use may be
 * left off at the end. `outputs` are the shapes and dtypes
 * that running the operation gave. A lowering uses the numbers it sees; it never decides what is dynamic.
 */
export type Lowering<A> = (
  g: OnnxBuilder,
  inputs: readonly OnnxValue[],
  attrs: A,
  outputs: readonly { readonly shape: readonly number[]; readonly dtype: DType }[],
) => OnnxValue | readonly OnnxValue[];
