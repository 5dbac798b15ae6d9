import { onnxOfDType } from "./data-types.ts";
import type { Dimension, DynamicGraph } from "./dynamic.ts";
import type { OnnxNode } from "./ir.ts";
import {
  type AttributeProto,
  attributeTypes,
  type ModelProto,
  type NodeProto,
  type ValueInfoProto,
} from "./messages.ts";
import type { TypedAttribute } from "./operators/operator.ts";
import { type ExternalPlace, encodeTensor } from "./tensor-proto.ts";

export interface ModelOptions {
  readonly graphName: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Initializers whose bytes lie beside the model. */
  readonly external: ReadonlyMap<string, ExternalPlace>;
}

/** The IR version that came with an operator set: a runtime that knows the one knows the other. */
function irVersion(opset: number): number {
  if (opset <= 18) return 8;
  if (opset <= 20) return 9;
  return opset <= 22 ? 10 : 11;
}

/** The message that is the file. Equal graphs give equal messages. */
export function modelProto({ graph, dimensions }: DynamicGraph, options: ModelOptions): ModelProto {
  const info = (name: string): ValueInfoProto => {
    const { shape, dtype } = graph.values.get(name)!;
    return {
      name,
      type: {
        tensorType: { elemType: onnxOfDType(dtype), shape: { dim: (dimensions.get(name) ?? shape).map(dimension) } },
      },
    };
  };
  const outside = new Set([...graph.inputs, ...graph.outputs]);
  const inner = graph.nodes.flatMap((node) => node.outputs).filter((name) => !outside.has(name));
  const metadata = Object.entries(options.metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    irVersion: irVersion(graph.opset),
    producerName: "tenon",
    graph: {
      name: options.graphName,
      node: graph.nodes.map(nodeProto),
      initializer: [...graph.initializers].map(([name, data]) => encodeTensor(name, data, options.external.get(name))),
      input: graph.inputs.map(info),
      output: graph.outputs.map(info),
      valueInfo: inner.map(info),
      sparseInitializer: [],
    },
    opsetImport: [{ domain: "", version: graph.opset }, ...graph.domains.map((domain) => ({ domain, version: 1 }))],
    metadataProps: metadata.map(([key, value]) => ({ key, value })),
    functions: [],
  };
}

function dimension(size: Dimension): { dimValue?: number; dimParam?: string } {
  if (size === null) return {};
  return typeof size === "number" ? { dimValue: size } : { dimParam: size };
}

function nodeProto(node: OnnxNode): NodeProto {
  return {
    input: [...node.inputs],
    output: [...node.outputs],
    name: node.name,
    opType: node.opType,
    attribute: [...node.attributes].map(([name, value]) => attributeProto(name, value)),
    ...(node.domain === "" ? {} : { domain: node.domain }),
  };
}

function attributeProto(name: string, { type, value }: TypedAttribute): AttributeProto {
  const empty: AttributeProto = {
    name,
    floats: [],
    ints: [],
    strings: [],
    tensors: [],
    graphs: [],
    type: attributeTypes[type],
  };
  const utf8 = new TextEncoder();
  switch (type) {
    case "float":
      return { ...empty, f: Math.fround(value) };
    case "int":
      return { ...empty, i: BigInt(value) };
    case "string":
      return { ...empty, s: utf8.encode(value) };
    case "floats":
      return { ...empty, floats: value.map(Math.fround) };
    case "ints":
      return { ...empty, ints: value.map(BigInt) };
    case "strings":
      return { ...empty, strings: value.map((text) => utf8.encode(text)) };
    case "tensor":
      return { ...empty, t: encodeTensor("", { ...value, data: value.data! }) };
  }
}
