import { type DType, FormatError, itemSize, sizeOfShape } from "@tenon/numerics";
import { dtypeOfOnnx } from "./data-types.ts";
import {
  type AttributeProto,
  attributeTypes,
  type ModelProto,
  type NodeProto,
  type ValueInfoProto,
} from "./messages.ts";
import { checkNode } from "./operators/check-node.ts";
import { InvalidNode, type TypedAttribute, type ValueType } from "./operators/operator.ts";
import { findOperator } from "./operators/table.ts";
import { decodeTensor } from "./tensor-proto.ts";

export interface CheckOptions {
  /** For messages. */
  readonly op: string;
  /** Sizes at which the shapes are followed through the graph, for each name of a dynamic dimension. Default 2 for all of the inputs'. */
  readonly sizes?: ReadonlyMap<string, number>;
}

/** What the graph says about a value; sizes that it does not say are null. */
interface Declared {
  readonly dtype: DType;
  readonly shape: readonly (number | null)[] | null;
}

const KNOWN_INTS = 64;
const DEFAULT_SIZE = 2;
/** No tensor that a file of a stranger makes out of nothing may be larger. */
const MAX_BYTES = 2 ** 40;

/**
 * Checks a whole model: names are unique and defined before use, operators exist in the operator set and get inputs, attributes and shapes that
 * they take, data have the size that they say, declared types are true.
 * @throws FormatError naming the node or tensor; UnsupportedError for what Tenon has no means to check (control flow, other element types).
 */
export function checkModel(model: ModelProto, options: CheckOptions): void {
  new Check(model, options).run();
}

class Check {
  readonly #model: ModelProto;
  readonly #op: string;
  readonly #sizes: Map<string, number>;
  readonly #opsets = new Map<string, number>();
  readonly #values = new Map<string, ValueType>();
  readonly #declared = new Map<string, Declared>();

  constructor(model: ModelProto, { op, sizes = new Map() }: CheckOptions) {
    this.#model = model;
    this.#op = op;
    this.#sizes = new Map(sizes);
  }

  run(): void {
    const { irVersion = 0, graph, functions } = this.#model;
    if (irVersion < 3 || irVersion > 1000) throw this.#fail("there is no such IR version", `${irVersion}`);
    if (graph === undefined) throw this.#fail("there is no graph", "a model");
    if (functions.length > 0) throw this.#fail("functions are not supported", `${functions.length} functions`);
    if (graph.sparseInitializer.length > 0) throw this.#fail("sparse initializers are not supported", "the graph");
    this.#importOpsets();
    const dims = graph.input.flatMap(({ type }) => type?.tensorType?.shape?.dim ?? []);
    for (const { dimParam } of dims) {
      if (dimParam !== undefined && !this.#sizes.has(dimParam)) this.#sizes.set(dimParam, DEFAULT_SIZE);
    }
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
    if (tensor === undefined) throw this.#fail("only tensors are supported", `value "${name}"`);
    const dtype = dtypeOfOnnx(tensor.elemType);
    if (dtype === undefined) throw this.#fail(`there is no element type ${tensor.elemType}`, `value "${name}"`);
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
    return { dtype, shape: (shape ?? []).map((size) => size ?? DEFAULT_SIZE) };
  }

  #define(name: string, type: ValueType): void {
    if (this.#values.has(name)) throw this.#fail("a name is defined twice", name);
    if (sizeOfShape(type.shape) * itemSize(type.dtype) > MAX_BYTES) throw this.#fail("the tensor is too large", name);
    const declared = this.#declared.get(name);
    if (declared !== undefined && !agrees(declared, type)) {
      const said = `${declared.dtype} [${declared.shape?.map((s) => s ?? "?") ?? "..."}]`;
      throw this.#fail(`value "${name}" is declared as ${said}`, `${type.dtype} [${type.shape}]`);
    }
    this.#values.set(name, type);
  }

  #node(node: NodeProto): void {
    const { opType = "", domain = "", name = "" } = node;
    const place = `node "${name}" (${opType})`;
    const opset = this.#opsets.get(domain);
    if (opset === undefined) throw this.#fail("the node's domain is not imported", place);
    const inputs = node.input.map((input) => {
      const value = this.#values.get(input);
      if (input !== "" && value === undefined)
        throw this.#fail(`input "${input}" is not defined before the node`, place);
      return value ?? null;
    });
    try {
      const attributes = decodeAttributes(node.attribute);
      const types = domain === "" ? this.#outputs(node, opset, inputs, attributes) : this.#declaredOutputs(node, place);
      node.output.forEach((output, i) => {
        if (output !== "") this.#define(output, types[i]!);
      });
    } catch (error) {
      if (!(error instanceof InvalidNode)) throw error;
      throw this.#fail(error.message, place);
    }
  }

  #outputs(
    node: NodeProto,
    opset: number,
    inputs: readonly (ValueType | null)[],
    attributes: ReadonlyMap<string, TypedAttribute>,
  ): readonly ValueType[] {
    const operator = findOperator(node.opType ?? "", opset);
    if (operator === undefined) throw new InvalidNode("there is no such operator, or Tenon does not know it");
    if (operator === null) throw new InvalidNode(`opset ${opset} does not have this operator`);
    return checkNode(operator, { inputs, attributes, outputs: node.output.length });
  }

  /** Operators of other domains are known by what the file says of their outputs. */
  #declaredOutputs(node: NodeProto, place: string): readonly ValueType[] {
    return node.output.map((output) => {
      if (!this.#declared.has(output)) throw this.#fail(`type and shape of output "${output}" are not declared`, place);
      return this.#inputType(output);
    });
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

const typeNames = new Map(Object.entries(attributeTypes).map(([name, number]) => [number as number, name]));

function decodeAttributes(list: readonly AttributeProto[]): Map<string, TypedAttribute> {
  const out = new Map<string, TypedAttribute>();
  for (const attribute of list) {
    const { name = "", refAttrName } = attribute;
    if (out.has(name)) throw new InvalidNode(`attribute ${name} is given twice`);
    if (refAttrName !== undefined) throw new InvalidNode(`attribute ${name} refers to a function's attribute`);
    out.set(name, decodeAttribute(name, attribute));
  }
  return out;
}

function decodeAttribute(name: string, attribute: AttributeProto): TypedAttribute {
  const type = typeNames.get(attribute.type ?? 0);
  const { f, i, s, t, g, floats, ints, strings, tensors, graphs } = attribute;
  const given = [
    f !== undefined && "float",
    i !== undefined && "int",
    s !== undefined && "string",
    t !== undefined && "tensor",
  ];
  const lists = [floats.length > 0 && "floats", ints.length > 0 && "ints", strings.length > 0 && "strings"];
  const other = [g !== undefined && "graph", tensors.length > 0 && "tensors", graphs.length > 0 && "graphs"];
  const wrong = [...given, ...lists, ...other].find((kind) => kind !== false && kind !== type);
  if (wrong !== undefined) throw new InvalidNode(`attribute ${name} holds ${wrong} and says ${type ?? "nothing"}`);
  const utf8 = new TextDecoder();
  if (type === "float") return { type, value: f ?? 0 };
  if (type === "int") return { type, value: safe(name, i ?? 0n) };
  if (type === "string") return { type, value: utf8.decode(s) };
  if (type === "floats") return { type, value: floats };
  if (type === "ints") return { type, value: ints.map((value) => safe(name, value)) };
  if (type === "strings") return { type, value: strings.map((value) => utf8.decode(value)) };
  throw new InvalidNode(`attribute ${name} is a ${type ?? `type ${attribute.type}`}, which is not supported`);
}

function safe(name: string, value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new InvalidNode(`attribute ${name} is ${value}, which is out of range`);
  return number;
}
