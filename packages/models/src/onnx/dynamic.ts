import { GraphError, Tensor, type TypedArray, UnsupportedError } from "@tenon/numerics";
import type { Initializer, OnnxGraph, OnnxNode } from "./ir.ts";
import type { TypedAttribute, ValueType } from "./operators/operator.ts";
import { findRelation, type Relation, type Sizes, sameAs } from "./relation.ts";
import { ShapeArithmetic } from "./shape-arithmetic.ts";

/** The graph that one set of sizes gave. */
export interface Variant {
  readonly sizes: Sizes;
  readonly graph: OnnxGraph;
}

/** Where the size of a dynamic dimension can be read: the first input that has it. */
export interface DimensionSource {
  readonly input: string;
  readonly axis: number;
}

/** A size in the file: a number, a name, or null where it varies and has no name. */
export type Dimension = number | string | null;

export interface DynamicGraph {
  readonly graph: OnnxGraph;
  readonly dimensions: ReadonlyMap<string, readonly Dimension[]>;
}

/**
 * One graph for all sizes out of graphs for some. They must have the same nodes; whole-number constants that differ are computed from the
 * inputs' shapes by the relation that all variants obey. Nothing is concluded from numbers being equal within one graph.
 * @throws GraphError if the nodes differ or no relation fits; UnsupportedError if something else than a whole number depends on a size.
 */
export function mergeVariants(
  variants: readonly Variant[],
  sources: ReadonlyMap<string, DimensionSource>,
): DynamicGraph {
  const { graph } = variants[0]!;
  for (const other of variants.slice(1)) compareNodes(variants[0]!, other);
  const arithmetic = new ShapeArithmetic(sources);
  const initializers = new Map<string, Initializer>();
  for (const [name, constant] of graph.initializers) {
    const constants = variants.map((variant) => variant.graph.initializers.get(name)!);
    if (constants.every((other) => equalConstants(constant, other))) initializers.set(name, constant);
    else replaceConstant(name, constants, variants, arithmetic, initializers);
  }
  for (const [name, made] of arithmetic.initializers) initializers.set(name, made);
  return {
    graph: {
      ...graph,
      nodes: [...arithmetic.nodes, ...graph.nodes],
      initializers,
      values: new Map([...graph.values, ...arithmetic.values]),
    },
    dimensions: findDimensions(variants),
  };
}

function compareNodes(base: Variant, other: Variant): void {
  const length = Math.max(base.graph.nodes.length, other.graph.nodes.length);
  for (let i = 0; i < length; i++) {
    const a = base.graph.nodes[i];
    const b = other.graph.nodes[i];
    if (a !== undefined && b !== undefined && describe(a) === describe(b)) continue;
    const sameNode = a?.opType === b?.opType && a?.inputs.join() === b?.inputs.join();
    throw new GraphError({
      op: "exportOnnx",
      rule: sameNode
        ? "an attribute depends on a dynamic size, and attributes are fixed in ONNX"
        : "the model takes another way at other sizes",
      received: `at ${text(base.sizes)} ${a === undefined ? "nothing" : `${describe(a)} (${a.origin})`}, at ${text(other.sizes)} ${b === undefined ? "nothing" : `${describe(b)} (${b.origin})`}`,
      hint: "Leave the axis out of dynamicAxes, give an example of a typical size (2 or more), or write the operation so that it does not depend on the size",
    });
  }
  const missing = [...base.graph.initializers.keys()].find((name) => !other.graph.initializers.has(name));
  if (missing !== undefined || base.graph.outputs.join() !== other.graph.outputs.join()) {
    throw new GraphError({
      op: "exportOnnx",
      rule: "the model uses other values at other sizes",
      received: `${missing ?? "its outputs"} at ${text(base.sizes)} and ${text(other.sizes)}`,
    });
  }
}

function describe(node: OnnxNode): string {
  const attributes = [...node.attributes].map(
    ([name, { value }]: [string, TypedAttribute]) => `${name}=${JSON.stringify(value)}`,
  );
  return `${node.domain}${node.opType}(${[...node.inputs, ...attributes].join(", ")}) -> ${node.outputs.join(", ")}`;
}

function text(sizes: Sizes): string {
  return [...sizes].map(([name, size]) => `${name} ${size}`).join(", ");
}

function equalConstants(a: Initializer, b: Initializer): boolean {
  if (a.dtype !== b.dtype || a.shape.join() !== b.shape.join()) return false;
  if (a.data instanceof Tensor || b.data instanceof Tensor) return a.data === b.data;
  const x = bytesOf(a.data);
  const y = bytesOf(b.data);
  return x.every((byte, i) => byte === y[i]);
}

function bytesOf(data: TypedArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function replaceConstant(
  name: string,
  constants: readonly Initializer[],
  variants: readonly Variant[],
  arithmetic: ShapeArithmetic,
  initializers: Map<string, Initializer>,
): void {
  const [first] = constants as readonly [Initializer, ...Initializer[]];
  const users = variants[0]!.graph.nodes.filter((node) => node.inputs.includes(name));
  const whole = (first.dtype === "int64" || first.dtype === "int32") && first.shape.length <= 1;
  const sizes = variants.map((variant) => variant.sizes);
  if (whole && constants.every((c) => c.shape.join() === first.shape.join())) {
    const entries = Array.from({ length: Number(first.shape[0] ?? 1) }, (_, i) =>
      constants.map((c) => Number((c.data as TypedArray)[i])),
    );
    const fixed = shapeWithOneFree(users, name, entries);
    if (fixed !== null) {
      initializers.set(name, { ...first, data: BigInt64Array.from(fixed, BigInt) });
      return;
    }
    const relations = entries.map((values) => findRelation(values, sizes));
    if (relations.every((relation) => relation !== null)) {
      arithmetic.vector(name, relations as readonly Relation[], first);
      return;
    }
    throw noRelation(users, entries[relations.indexOf(null)]!, sizes);
  }
  const value = uniformValue(constants);
  const shapes =
    value === null
      ? [null]
      : shapeRelations(
          constants.map((c) => c.shape),
          sizes,
        );
  if (value !== null && shapes.every((relation) => relation !== null)) {
    arithmetic.filled(name, value, shapes, first);
    return;
  }
  throw new UnsupportedError({
    op: "exportOnnx",
    rule: "a value in the model depends on a dynamic size",
    received: `${users.map((node) => node.origin).join(", ")} uses a ${first.dtype} constant [${first.shape}] that differs between ${sizes.map(text).join(" and ")}`,
    hint: "Compute it by operations on the inputs (mean() instead of dividing by the size), or leave the axis out of dynamicAxes. Random numbers in forward() differ too",
  });
}

/** The target of a Reshape with -1 for the only size that varies, or null. */
function shapeWithOneFree(
  users: readonly OnnxNode[],
  name: string,
  entries: readonly (readonly number[])[],
): readonly number[] | null {
  const reshapes = users.every((node) => node.opType === "Reshape" && node.domain === "" && node.inputs[1] === name);
  const varies = (values: readonly number[]) => values.some((v) => v !== values[0]);
  const free = entries.filter(varies).length === 1 && entries.every(([size]) => size! > 0);
  return reshapes && free ? entries.map((values) => (varies(values) ? -1 : values[0]!)) : null;
}

function noRelation(users: readonly OnnxNode[], values: readonly number[], sizes: readonly Sizes[]): GraphError {
  return new GraphError({
    op: "exportOnnx",
    rule: "a size follows from the dynamic ones in a way that is not a sum or a product with whole factors",
    received: `${users.map((node) => node.origin).join(", ")}: ${values.map((v, i) => `${v} at ${text(sizes[i]!)}`).join(", ")}`,
    hint: "Leave the axis out of dynamicAxes, or say in which sizes it grows: dynamicAxes: { input: { 1: { name, sizes: [8, 16] } } }",
  });
}

/** The one value that all elements of all constants have, or null. */
function uniformValue(constants: readonly Initializer[]): number | bigint | null {
  const arrays = constants.map((c) => c.data);
  if (arrays.some((data) => data instanceof Tensor || data.length === 0)) return null;
  const [value] = arrays[0] as TypedArray;
  const same = (arrays as readonly TypedArray[]).every((data) =>
    (data as Uint8Array).every((v) => Object.is(v, value)),
  );
  return same ? value! : null;
}

function shapeRelations(shapes: readonly (readonly number[])[], sizes: readonly Sizes[]): (Relation | null)[] {
  const [first] = shapes as readonly [readonly number[]];
  if (shapes.some((shape) => shape.length !== first.length)) return [null];
  return first.map((_, i) =>
    findRelation(
      shapes.map((shape) => shape[i]!),
      sizes,
    ),
  );
}

/** What each size of each value is in the file. */
function findDimensions(variants: readonly Variant[]): Map<string, readonly Dimension[]> {
  const sizes = variants.map((variant) => variant.sizes);
  const { graph } = variants[0]!;
  const out = new Map<string, readonly Dimension[]>();
  for (const [name, { shape }] of graph.values) {
    const all = variants.map((variant) => variant.graph.values.get(name) as ValueType);
    out.set(
      name,
      shape.map((size, i) => {
        const values = all.map((value) => value.shape[i]!);
        if (values.every((v) => v === size)) return size;
        const same = sameAs(findRelation(values, sizes));
        return same ?? (graph.outputs.includes(name) ? `${name}_dim${i}` : null);
      }),
    );
  }
  return out;
}
