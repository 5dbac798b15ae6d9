import type { Field, FieldKind, MessageSchema } from "./protobuf.ts";

// The messages of onnx.proto (ONNX 1.16, IR version 10; later versions only add fields, which readers skip). Source: onnx/onnx, onnx/onnx.proto.

interface OperatorSetIdProto {
  domain?: string;
  version?: number;
}

interface StringStringEntryProto {
  key?: string;
  value?: string;
}

export interface TensorProto {
  dims: number[];
  dataType?: number;
  segment?: object;
  floatData: number[];
  int32Data: number[];
  stringData: Uint8Array[];
  int64Data: bigint[];
  name?: string;
  rawData?: Uint8Array;
  doubleData: number[];
  uint64Data: bigint[];
  docString?: string;
  externalData: StringStringEntryProto[];
  dataLocation?: number;
}

interface DimensionProto {
  dimValue?: number;
  dimParam?: string;
}

interface TensorTypeProto {
  elemType?: number;
  shape?: { dim: DimensionProto[] };
}

interface TypeProto {
  tensorType?: TensorTypeProto;
  sequenceType?: object;
  mapType?: object;
  sparseTensorType?: object;
  optionalType?: object;
}

export interface ValueInfoProto {
  name?: string;
  type?: TypeProto;
  docString?: string;
}

export interface AttributeProto {
  name?: string;
  f?: number;
  i?: bigint;
  s?: Uint8Array;
  t?: TensorProto;
  g?: GraphProto;
  floats: number[];
  ints: bigint[];
  strings: Uint8Array[];
  tensors: TensorProto[];
  graphs: GraphProto[];
  docString?: string;
  type?: number;
  refAttrName?: string;
}

export interface NodeProto {
  input: string[];
  output: string[];
  name?: string;
  opType?: string;
  attribute: AttributeProto[];
  docString?: string;
  domain?: string;
  overload?: string;
}

export interface GraphProto {
  node: NodeProto[];
  name?: string;
  initializer: TensorProto[];
  docString?: string;
  input: ValueInfoProto[];
  output: ValueInfoProto[];
  valueInfo: ValueInfoProto[];
  sparseInitializer: object[];
}

export interface ModelProto {
  irVersion?: number;
  producerName?: string;
  producerVersion?: string;
  domain?: string;
  modelVersion?: bigint;
  docString?: string;
  graph?: GraphProto;
  opsetImport: OperatorSetIdProto[];
  metadataProps: StringStringEntryProto[];
  functions: object[];
}

/** `AttributeProto.type`. */
export const attributeTypes = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
} as const;

const one = (number: number, name: string, kind: Field["kind"]): Field => ({ number, name, kind });
const many = (number: number, name: string, kind: Field["kind"]): Field => ({ number, name, kind, repeated: true });
const packed = (number: number, name: string, kind: FieldKind): Field => ({
  ...many(number, name, kind),
  packed: true,
});

const operatorSetId: MessageSchema = {
  name: "OperatorSetIdProto",
  fields: [one(1, "domain", "string"), one(2, "version", "size")],
};

const stringStringEntry: MessageSchema = {
  name: "StringStringEntryProto",
  fields: [one(1, "key", "string"), one(2, "value", "string")],
};

/** A message of which only the presence matters here. */
const opaque: MessageSchema = { name: "message", fields: [] };

/** A tensor: part of a model, or alone in a file. */
export const tensorSchema: MessageSchema = {
  name: "TensorProto",
  fields: [
    many(1, "dims", "size"),
    one(2, "dataType", "int32"),
    one(3, "segment", () => opaque),
    packed(4, "floatData", "float"),
    packed(5, "int32Data", "int32"),
    many(6, "stringData", "bytes"),
    packed(7, "int64Data", "int64"),
    one(8, "name", "string"),
    one(9, "rawData", "bytes"),
    packed(10, "doubleData", "double"),
    packed(11, "uint64Data", "uint64"),
    one(12, "docString", "string"),
    many(13, "externalData", () => stringStringEntry),
    one(14, "dataLocation", "int32"),
  ],
};

const dimension: MessageSchema = {
  name: "TensorShapeProto.Dimension",
  fields: [one(1, "dimValue", "size"), one(2, "dimParam", "string")],
};

const tensorShape: MessageSchema = { name: "TensorShapeProto", fields: [many(1, "dim", () => dimension)] };

const tensorType: MessageSchema = {
  name: "TypeProto.Tensor",
  fields: [one(1, "elemType", "int32"), one(2, "shape", () => tensorShape)],
};

const type: MessageSchema = {
  name: "TypeProto",
  fields: [
    one(1, "tensorType", () => tensorType),
    one(4, "sequenceType", () => opaque),
    one(5, "mapType", () => opaque),
    one(8, "sparseTensorType", () => opaque),
    one(9, "optionalType", () => opaque),
  ],
};

const valueInfo: MessageSchema = {
  name: "ValueInfoProto",
  fields: [one(1, "name", "string"), one(2, "type", () => type), one(3, "docString", "string")],
};

const attribute: MessageSchema = {
  name: "AttributeProto",
  fields: [
    one(1, "name", "string"),
    one(2, "f", "float"),
    one(3, "i", "int64"),
    one(4, "s", "bytes"),
    one(5, "t", () => tensorSchema),
    one(6, "g", () => graph),
    many(7, "floats", "float"),
    many(8, "ints", "int64"),
    many(9, "strings", "bytes"),
    many(10, "tensors", () => tensorSchema),
    many(11, "graphs", () => graph),
    one(13, "docString", "string"),
    one(20, "type", "int32"),
    one(21, "refAttrName", "string"),
  ],
};

const node: MessageSchema = {
  name: "NodeProto",
  fields: [
    many(1, "input", "string"),
    many(2, "output", "string"),
    one(3, "name", "string"),
    one(4, "opType", "string"),
    many(5, "attribute", () => attribute),
    one(6, "docString", "string"),
    one(7, "domain", "string"),
    one(8, "overload", "string"),
  ],
};

const graph: MessageSchema = {
  name: "GraphProto",
  fields: [
    many(1, "node", () => node),
    one(2, "name", "string"),
    many(5, "initializer", () => tensorSchema),
    one(10, "docString", "string"),
    many(11, "input", () => valueInfo),
    many(12, "output", () => valueInfo),
    many(13, "valueInfo", () => valueInfo),
    many(15, "sparseInitializer", () => opaque),
  ],
};

/** What an .onnx file is. */
export const modelSchema: MessageSchema = {
  name: "ModelProto",
  fields: [
    one(1, "irVersion", "size"),
    one(2, "producerName", "string"),
    one(3, "producerVersion", "string"),
    one(4, "domain", "string"),
    one(5, "modelVersion", "int64"),
    one(6, "docString", "string"),
    one(7, "graph", () => graph),
    many(8, "opsetImport", () => operatorSetId),
    many(14, "metadataProps", () => stringStringEntry),
    many(25, "functions", () => opaque),
  ],
};
