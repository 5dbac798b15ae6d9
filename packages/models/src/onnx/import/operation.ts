import { type Tensor, type TensorArg, UnsupportedError } from "@tenon/numerics";
import type { Attributes } from "../operators/operator.ts";

/** One node being run. */
export interface NodeCall {
  /** null for an input left out. */
  readonly inputs: readonly (Tensor | null)[];
  readonly attributes: Attributes;
  /** How many outputs the node has. */
  readonly outputs: number;
  readonly opset: number;
}

/** What an ONNX operator is in Tenon's operations. */
export type Operation = (call: NodeCall) => Tensor | readonly Tensor[];

/** The whole numbers in a tensor: shapes, axes, bounds. */
export function intsOf(x: Tensor): number[] {
  return Array.from(x.data() as ArrayLike<number | bigint>, Number);
}

/** The axes of a node: an input in newer operator sets, an attribute in older ones. */
export function axesOf({ inputs, attributes }: NodeCall, index = 1): number[] | undefined {
  const given = inputs[index];
  if (given != null) return intsOf(given);
  return attributes.get("axes")?.value as number[] | undefined;
}

/** A float attribute as its float32 value. */
export function floatAttribute(attributes: Attributes, name: string, otherwise: number): number {
  return (attributes.get(name)?.value as number | undefined) ?? otherwise;
}

export const unary =
  (fn: (x: TensorArg) => Tensor): Operation =>
  ({ inputs: [x] }) =>
    fn(x!);

export const binary =
  (fn: (a: TensorArg, b: TensorArg) => Tensor): Operation =>
  ({ inputs: [a, b] }) =>
    fn(a!, b!);

/** An operator of one input or more, folded from the left. */
export const variadic =
  (fn: (a: TensorArg, b: TensorArg) => Tensor): Operation =>
  ({ inputs }) =>
    (inputs as readonly Tensor[]).reduce((a, b) => fn(a, b));

export function unsupportedForm(rule: string): never {
  throw new UnsupportedError({ op: "importOnnx", rule });
}
