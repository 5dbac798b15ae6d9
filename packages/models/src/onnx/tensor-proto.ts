import {
  type DType,
  FormatError,
  itemSize,
  sizeOfShape,
  Tensor,
  type TypedArray,
  typedArrayClass,
  UnsupportedError,
} from "@tenon/numerics";
import { bytesOfValues, valuesOfBytes } from "../checkpoint/tensor-data.ts";
import { dtypeOfOnnx, onnxOfDType } from "./data-types.ts";
import type { Initializer } from "./ir.ts";
import type { TensorProto } from "./messages.ts";
import type { TensorValue } from "./operators/operator.ts";

/** Where a tensor's bytes lie in the file beside the model. */
export interface ExternalPlace {
  readonly location: string;
  readonly offset: number;
}

export function initializerBytes({ data }: Initializer): Uint8Array {
  return bytesOfValues(data instanceof Tensor ? data.data() : data);
}

export function initializerSize({ shape, dtype }: Initializer): number {
  return sizeOfShape(shape) * itemSize(dtype);
}

export function encodeTensor(name: string, initializer: Initializer, external?: ExternalPlace): TensorProto {
  const { shape, dtype } = initializer;
  const empty = { floatData: [], int32Data: [], stringData: [], int64Data: [], doubleData: [], uint64Data: [] };
  const head = { ...empty, dims: [...shape], dataType: onnxOfDType(dtype), name };
  if (external === undefined) return { ...head, rawData: initializerBytes(initializer), externalData: [] };
  const { location, offset } = external;
  const externalData = [
    { key: "location", value: location },
    { key: "offset", value: String(offset) },
    { key: "length", value: String(initializerSize(initializer)) },
  ];
  return { ...head, externalData, dataLocation: 1 };
}

const EXTERNAL = 1;
const MAX_RANK = 64;

/**
 * Checks a tensor and gives its values.
 * @throws FormatError if sizes and data do not agree; UnsupportedError for element types that Tenon has not.
 */
export function decodeTensor(op: string, tensor: TensorProto): TensorValue {
  const place = `tensor "${tensor.name ?? ""}"`;
  const fail = (rule: string, received = place) => new FormatError({ op, rule, received });
  const { dims } = tensor;
  if (dims.length > MAX_RANK || dims.some((d) => d < 0)) throw fail(`sizes [${dims.slice(0, 8)}] are not a shape`);
  const count = dims.reduce((a, b) => a * b, 1);
  if (!Number.isSafeInteger(count)) throw fail("the number of elements is too large");
  const dtype = dtypeOfOnnx(tensor.dataType);
  if (dtype === undefined) {
    const known = tensor.dataType !== undefined && tensor.dataType > 0 && tensor.dataType <= 26;
    const rule = `there is no data type ${tensor.dataType ?? "given"}`;
    if (!known) throw fail(rule);
    throw new UnsupportedError({ op, rule: `data type ${tensor.dataType} is not supported`, received: place });
  }
  if (tensor.segment !== undefined) throw fail("segmented tensors are not allowed");
  const typed = typedData(tensor, dtype);
  const others = valueFields.filter((field) => tensor[field].length > 0 && tensor[field] !== typed);
  if (others.length > 0) throw fail(`values of ${dtype} do not lie in ${others[0]}`);
  if (tensor.dataLocation === EXTERNAL) {
    if (tensor.rawData !== undefined || typed.length > 0) throw fail("values lie both in the file and beside it");
    checkExternal(tensor, count * itemSize(dtype), fail);
    return { shape: dims, dtype, data: null };
  }
  if (tensor.rawData !== undefined) {
    if (typed.length > 0) throw fail("values are given twice");
    if (tensor.rawData.length !== count * itemSize(dtype)) {
      throw fail(`${tensor.rawData.length} bytes are not ${count} elements of ${dtype}`);
    }
    return { shape: dims, dtype, data: valuesOfBytes(dtype, tensor.rawData) };
  }
  if (typed.length !== count) throw fail(`${typed.length} values are not ${count} elements`);
  const data = typedArrayClass(dtype).from(typed as never) as TypedArray;
  return { shape: dims, dtype, data };
}

const valueFields = ["floatData", "int32Data", "stringData", "int64Data", "doubleData", "uint64Data"] as const;

function typedData(tensor: TensorProto, dtype: DType): readonly (number | bigint)[] {
  if (dtype === "float32") return tensor.floatData;
  if (dtype === "float64") return tensor.doubleData;
  return dtype === "int64" ? tensor.int64Data : tensor.int32Data;
}

/** A stranger's file must not make us open another than the one beside it. */
function checkExternal(tensor: TensorProto, bytes: number, fail: (rule: string) => FormatError): void {
  const entries = new Map<string, string>();
  for (const { key = "", value = "" } of tensor.externalData) {
    if (entries.has(key)) throw fail(`external data gives ${key} twice`);
    entries.set(key, value);
  }
  const location = entries.get("location") ?? "";
  const parts = location.split("/");
  const outside = /[\\:\0]/.test(location) || parts.some((part) => part === "" || part === "." || part === "..");
  if (outside) throw fail(`external data must lie in the folder of the model, not at ${JSON.stringify(location)}`);
  for (const key of ["offset", "length"]) {
    const value = entries.get(key);
    if (value !== undefined && (!/^\d{1,16}$/.test(value) || !Number.isSafeInteger(Number(value)))) {
      throw fail(`external data has the ${key} ${JSON.stringify(value)}`);
    }
  }
  const length = entries.get("length");
  if (length !== undefined && Number(length) !== bytes) throw fail(`external data of ${length} bytes is not ${bytes}`);
}

/** Where a tensor with external data lies; `decodeTensor` has checked it. */
export function externalRange(
  tensor: TensorProto,
  { shape, dtype }: TensorValue,
): { readonly location: string; readonly offset: number; readonly length: number } {
  const entries = new Map(tensor.externalData.map(({ key = "", value = "" }) => [key, value]));
  const length = sizeOfShape(shape) * itemSize(dtype);
  return { location: entries.get("location")!, offset: Number(entries.get("offset") ?? 0), length };
}
