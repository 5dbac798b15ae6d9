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
  const sizes = variants.map((variant) => variant.sizes);
  const initializers = new Map<string, Initializer>();
  for (const [name, constant] of graph.initializers) {
    const constants = variants.map((variant) => variant.graph.initializers.get(name)!);
    if (constants.every((other) => equalConstants(constant, other))) initializers.set(name, constant);
    else replaceConstant({ name, constants, users: usersOf(graph, name), sizes }, arithmetic, initializers);
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
        : `the model takes another way ${base.sizes.size > 0 ? "at other sizes" : "at another run"}`,
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

/** A constant that differs between the variants, and what uses it. */
interface Varying {
  readonly name: string;
  readonly constants: readonly Initializer[];
  readonly users: readonly OnnxNode[];
  readonly sizes: readonly Sizes[];
}

function replaceConstant(varying: Varying, arithmetic: ShapeArithmetic, initializers: Map<string, Initializer>): void {
  const { name, constants, users, sizes } = varying;
  const [first] = constants as readonly [Initializer, ...Initializer[]];
  const entries = sizes[0]!.size > 0 ? wholeEntries(constants) : null;
  if (entries !== null) {
    const fixed = shapeWithOneFree(users, name, entries);
    if (fixed === null) arithmetic.vector(name, relationsOf(varying, entries), first);
    else initializers.set(name, { ...first, data: BigInt64Array.from(fixed, BigInt) });
    return;
  }
  const value = uniformValue(constants);
  const sameRank = constants.every((c) => c.shape.length === first.shape.length);
  if (value === null || !sameRank) throw dependsOnSize(varying);
  const shape = first.shape.map((_, i) => constants.map((c) => c.shape[i]!));
  arithmetic.filled(name, value, relationsOf(varying, shape), first);
}

/** The values of each entry of a vector (or scalar) of whole numbers over the variants; null for other constants. */
function wholeEntries(constants: readonly Initializer[]): number[][] | null {
  const [{ dtype, shape }] = constants as readonly [Initializer, ...Initializer[]];
  const whole = (dtype === "int64" || dtype === "int32") && shape.length <= 1;
  if (!whole || constants.some((c) => c.shape.join() !== shape.join())) return null;
  return Array.from({ length: shape[0] ?? 1 }, (_, i) => constants.map((c) => Number((c.data as TypedArray)[i])));
}

function relationsOf({ users, sizes }: Varying, entries: readonly (readonly number[])[]): Relation[] {
  return entries.map((values) => {
    const relation = findRelation(values, sizes);
    if (relation !== null) return relation;
    throw new GraphError({
      op: "exportOnnx",
      rule: "a size follows from the dynamic ones in a way that is not a sum or a product with whole factors",
      received: `${origins(users)}: ${values.map((v, i) => `${v} at ${text(sizes[i]!)}`).join(", ")}`,
      hint: "Leave the axis out of dynamicAxes, or say in which sizes it grows: dynamicAxes: { input: { 1: { name, sizes: [8, 16] } } }",
    });
  });
}

function dependsOnSize({ constants, users, sizes }: Varying): UnsupportedError {
  const [{ dtype, shape }] = constants as readonly [Initializer, ...Initializer[]];
  const what = `${origins(users)} uses a ${dtype} constant [${shape}] that differs between`;
  if (sizes[0]!.size === 0) {
    return new UnsupportedError({
      op: "exportOnnx",
      rule: "a value in the model changes from run to run",
      received: `${what} two runs`,
      hint: "Random numbers would be frozen in the file: make them an input, or leave them out in evaluation mode",
    });
  }
  return new UnsupportedError({
    op: "exportOnnx",
    rule: "a value in the model depends on a dynamic size",
    received: `${what} ${sizes.map(text).join(" and ")}`,
    hint: "Compute it by operations on the inputs (mean() instead of dividing by the size), or leave the axis out of dynamicAxes. Random numbers in forward() differ too",
  });
}

function usersOf(graph: OnnxGraph, name: string): OnnxNode[] {
  return graph.nodes.filter((node) => node.inputs.includes(name));
}

function origins(users: readonly OnnxNode[]): string {
  return users.map((node) => node.origin).join(", ");
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
