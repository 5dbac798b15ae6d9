import { type DType, FormatError, itemSize, sizeOfShape, UnsupportedError } from "@tenon/numerics";
import { decodeAttributes } from "./attributes.ts";
import { dtypeOfOnnx } from "./data-types.ts";
import type { ModelProto, NodeProto, ValueInfoProto } from "./messages.ts";
import { checkNode } from "./operators/check-node.ts";
import { InvalidNode, type Operator, UnknownShape, type ValueType } from "./operators/operator.ts";
import { findOperator } from "./operators/table.ts";
import { decodeTensor } from "./tensor-proto.ts";

export interface CheckOptions {
  /** For messages. */
  readonly op: string;
  /** Sizes at which the shapes are followed through the graph, for each name of a dynamic dimension. Default: several are tried. */
  readonly sizes?: ReadonlyMap<string, number>;
}

/** What the graph says about a value; sizes that it does not say are null. */
interface Declared {
  readonly dtype: DType;
  readonly shape: readonly (number | null)[] | null;
}

const KNOWN_INTS = 64;
/** Tried for dynamic dimensions of which nobody gives the size: a model is right if it is right at one of them. */
const SIZES = [2, 8, 64, 1];
/** No tensor that a file of a stranger makes out of nothing may be larger. */
const MAX_BYTES = 2 ** 40;

/**
 * Checks a whole model: names are unique and defined before use, operators exist in the operator set and get inputs, attributes and shapes that
 * they take, data have the size that they say, declared types are true.
 * @throws FormatError naming the node or tensor; UnsupportedError for what Tenon has no means to check (control flow, other element types).
 */
export function checkModel(model: ModelProto, { op, sizes }: CheckOptions): void {
  if (sizes !== undefined) {
    new Check(model, op, sizes).run();
    return;
  }
  const inputs = model.graph?.input ?? [];
  const names = inputs.flatMap(({ type }) => type?.tensorType?.shape?.dim ?? []).map(({ dimParam }) => dimParam);
  const dynamic = names.filter((name) => name !== undefined);
  let first: unknown;
  for (const size of SIZES) {
    try {
      new Check(model, op, new Map(dynamic.map((name) => [name, size]))).run();
      return;
    } catch (error) {
      first ??= error;
      if (dynamic.length === 0 || !(error instanceof FormatError)) break;
    }
  }
  throw first;
}

class Check {
  readonly #model: ModelProto;
  readonly #op: string;
  readonly #sizes: ReadonlyMap<string, number>;
  readonly #opsets = new Map<string, number>();
  /** Types of the names that are defined; null where only running gives the shape. */
  readonly #values = new Map<string, ValueType | null>();
  readonly #declared = new Map<string, Declared>();

  constructor(model: ModelProto, op: string, sizes: ReadonlyMap<string, number>) {
    this.#model = model;
    this.#op = op;
    this.#sizes = sizes;
  }

  run(): void {
    const { irVersion = 0, graph, functions } = this.#model;
    if (irVersion < 3 || irVersion > 1000) throw this.#fail("there is no such IR version", `${irVersion}`);
    if (graph === undefined) throw this.#fail("there is no graph", "a model");
    if (functions.length > 0) throw this.#unsupported("functions are not supported", `${functions.length} functions`);
    if (graph.sparseInitializer.length > 0) throw this.#unsupported("sparse tensors are not supported", "the graph");
    this.#importOpsets();
    for (const info of [...graph.input, ...graph.output, ...graph.valueInfo]) this.#declare(info);
    const inputs = new Set<string>();
    for (const { name = "" } of graph.input) {
      if (inputs.has(name)) throw this.#fail("an input is given twice", name);
      inputs.add(name);
    }
    this.#initializers(inputs);
    for (const name of inputs) if (!this.#values.has(name)) this.#define(name, this.#inputType(name));
    for (const node of graph.node) this.#node(node);
    for (const { name = "" } of graph.output) {
      if (!this.#values.has(name)) throw this.#fail("no node makes this output", name);
    }
  }

  #importOpsets(): void {
    for (const { domain = "", version = 0 } of this.#model.opsetImport) {
      if (version < 1 || version > 1000) throw this.#fail("there is no such operator set", `${domain} ${version}`);
      if (this.#opsets.has(domain)) throw this.#fail("a domain is imported twice", JSON.stringify(domain));
      this.#opsets.set(domain, version);
    }
    if (this.#opsets.size === 0) throw this.#fail("no operator set is imported", "a model");
  }

  #declare({ name = "", type }: ValueInfoProto): void {
    if (name === "") throw this.#fail("a value has no name", "value info");
    const tensor = type?.tensorType;
    if (tensor === undefined) throw this.#unsupported("only tensors are supported", `value "${name}"`);
    const dtype = dtypeOfOnnx(tensor.elemType);
    if (dtype === undefined)
      throw this.#unsupported(`element type ${tensor.elemType} is not supported`, `value "${name}"`);
    const shape =
      tensor.shape?.dim.map(({ dimValue, dimParam }) => {
        if (dimValue !== undefined && dimValue < 0) throw this.#fail(`a size is ${dimValue}`, `value "${name}"`);
        return dimValue ?? (dimParam === undefined ? null : (this.#sizes.get(dimParam) ?? null));
      }) ?? null;
    this.#declared.set(name, { dtype, shape });
  }

  #initializers(inputs: ReadonlySet<string>): void {
    for (const tensor of this.#model.graph!.initializer) {
      const { name = "" } = tensor;
      if (name === "") throw this.#fail("an initializer has no name", "the graph");
      const { shape, dtype, data } = decodeTensor(this.#op, tensor);
      const known = (dtype === "int64" || dtype === "int32") && data !== null && data.length <= KNOWN_INTS;
      const ints = known && !inputs.has(name) ? Array.from(data as ArrayLike<number>, Number) : undefined;
      this.#define(name, { shape, dtype, ints });
    }
  }

  #inputType(name: string): ValueType {
    const { dtype, shape } = this.#declared.get(name)!;
    return { dtype, shape: (shape ?? []).map((size) => size ?? SIZES[0]!) };
  }

  #define(name: string, type: ValueType | null): void {
    if (this.#values.has(name)) throw this.#fail("a name is defined twice", name);
    this.#values.set(name, type);
    if (type === null) return;
    if (sizeOfShape(type.shape) * itemSize(type.dtype) > MAX_BYTES) throw this.#fail("the tensor is too large", name);
    const declared = this.#declared.get(name);
    if (declared !== undefined && !agrees(declared, type)) {
      const said = `${declared.dtype} [${declared.shape?.map((s) => s ?? "?") ?? "..."}]`;
      throw this.#fail(`value "${name}" is declared as ${said}`, `${type.dtype} [${type.shape}]`);
    }
  }

  #node(node: NodeProto): void {
    const { opType = "", domain = "", name = "" } = node;
    const place = `node "${name}" (${opType})`;
    const opset = this.#opsets.get(domain);
    if (opset === undefined) throw this.#fail("the node's domain is not imported", place);
    for (const input of node.input) {
      if (input !== "" && !this.#values.has(input)) {
        throw this.#fail(`input "${input}" is not defined before the node`, place);
      }
    }
    try {
      const types = this.#outputTypes(node, domain === "" ? this.#operator(opType, opset, place) : null);
      node.output.forEach((output, i) => {
        if (output !== "") this.#define(output, types[i]!);
      });
    } catch (error) {
      if (!(error instanceof InvalidNode)) throw error;
      throw this.#fail(error.message, place);
    }
  }

  #operator(opType: string, opset: number, place: string): Operator {
    const operator = findOperator(opType, opset);
    if (operator === null) {
      throw this.#unsupported(`opset ${opset} does not have this operator in a form that Tenon knows`, place);
    }
    if (operator !== undefined) return operator;
    throw this.#unsupported("there is no such operator, or Tenon does not know it", place);
  }

  /** What the node's inputs and attributes make of its outputs; else, as for operators of other domains, what the file says of them. */
  #outputTypes(node: NodeProto, operator: Operator | null): readonly (ValueType | null)[] {
    const attributes = decodeAttributes(this.#op, node.attribute);
    const inputs = node.input.map((input) => this.#values.get(input) ?? null);
    const known = node.input.every((input, i) => input === "" || inputs[i] !== null);
    if (operator !== null && known) {
      try {
        return checkNode(operator, { inputs, attributes, outputs: node.output.length });
      } catch (error) {
        if (!(error instanceof UnknownShape)) throw error;
      }
    }
    return node.output.map((output) => {
      const declared = this.#declared.get(output);
      if (declared?.shape == null || declared.shape.includes(null)) return null;
      return { dtype: declared.dtype, shape: declared.shape as number[] };
    });
  }

  #unsupported(rule: string, received: string): UnsupportedError {
    return new UnsupportedError({ op: this.#op, rule, received });
  }

  #fail(rule: string, received: string): FormatError {
    return new FormatError({ op: this.#op, rule: `not a valid ONNX model: ${rule}`, received });
  }
}

function agrees(declared: Declared, { dtype, shape }: ValueType): boolean {
  if (declared.dtype !== dtype) return false;
  if (declared.shape === null) return true;
  return (
    declared.shape.length === shape.length && declared.shape.every((size, i) => size === null || size === shape[i])
  );
}
