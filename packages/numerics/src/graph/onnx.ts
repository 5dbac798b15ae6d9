import type { DType, TypedArray } from "../dtype.ts";

/** A value in an ONNX graph under construction. */
export interface OnnxValue {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** A node's attribute: numbers are INT if whole and FLOAT otherwise; `{ float: 1 }` says FLOAT. */
export type OnnxAttribute = number | string | readonly number[] | readonly string[] | { readonly float: number };

/** What a lowering builds nodes with. The exporter in @tenon/models implements it. */
export interface OnnxBuilder {
  /** Version of the default operator set that is being written. */
  readonly opset: number;
  /** A node with one output. An input of null is an omitted optional one. */
  node(
    opType: string,
    inputs: readonly (OnnxValue | null)[],
    attributes?: Readonly<Record<string, OnnxAttribute>>,
  ): OnnxValue;
  /** A node with several outputs. */
  nodes(
    opType: string,
    inputs: readonly (OnnxValue | null)[],
    attributes: Readonly<Record<string, OnnxAttribute>> | undefined,
    options: { readonly outputs: number },
  ): OnnxValue[];
  /** A constant; float32 unless `dtype` says otherwise, a scalar for a number, one-dimensional for a list. */
  constant(
    value: number | readonly number[] | TypedArray,
    options?: { readonly dtype?: DType; readonly shape?: readonly number[] },
  ): OnnxValue;
  /** A one-dimensional int64 constant: shapes, axes, bounds. */
  ints(values: readonly number[]): OnnxValue;
  cast(x: OnnxValue, dtype: DType): OnnxValue;
}

/** How an operation is written in ONNX: nodes for its inputs and attributes. `outputs` tells shape and dtype of what it gives. */
export type Lowering<A> = (
  g: OnnxBuilder,
  inputs: readonly OnnxValue[],
  attrs: A,
  outputs: readonly { readonly shape: readonly number[]; readonly dtype: DType }[],
) => OnnxValue | readonly OnnxValue[];
