import { type AttributeProto, attributeTypes } from "./messages.ts";
import { InvalidNode, type TypedAttribute } from "./operators/operator.ts";
import { decodeTensor } from "./tensor-proto.ts";

const typeNames = new Map(Object.entries(attributeTypes).map(([name, number]) => [number as number, name]));

/**
 * Attributes of a file with their types.
 * @throws InvalidNode for what is given twice, does not hold what it says, or is a graph.
 */
export function decodeAttributes(op: string, list: readonly AttributeProto[]): Map<string, TypedAttribute> {
  const out = new Map<string, TypedAttribute>();
  for (const attribute of list) {
    const { name = "", refAttrName } = attribute;
    if (out.has(name)) throw new InvalidNode(`attribute ${name} is given twice`);
    if (refAttrName !== undefined) throw new InvalidNode(`attribute ${name} refers to a function's attribute`);
    out.set(name, decodeAttribute(op, name, attribute));
  }
  return out;
}

function decodeAttribute(op: string, name: string, attribute: AttributeProto): TypedAttribute {
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
  if (type === "tensor" && t !== undefined) return { type, value: decodeTensor(op, t) };
  throw new InvalidNode(`attribute ${name} is a ${type ?? `type ${attribute.type}`}, which is not supported`);
}

function safe(name: string, value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new InvalidNode(`attribute ${name} is ${value}, which is out of range`);
  return number;
}
