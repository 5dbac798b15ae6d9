import {
  FileError,
  FormatError,
  fromTypedArray,
  keep,
  type Tensor,
  type TypedArray,
  UnsupportedError,
} from "@tenon/numerics";
import { openFile, type PathOrBytes, withSource } from "../../checkpoint/byte-source.ts";
import { valuesOfBytes } from "../../checkpoint/tensor-data.ts";
import { decodeAttributes } from "../attributes.ts";
import { checkModel } from "../check-model.ts";
import type { NodeProto, TensorProto } from "../messages.ts";
import type { TensorValue } from "../operators/operator.ts";
import { readModel } from "../read-model.ts";
import { decodeTensor, externalRange } from "../tensor-proto.ts";
import { type ImportedNode, OnnxModel } from "./onnx-model.ts";
import { operations } from "./table.ts";

const OP = "importOnnx";

/**
 * Reads an ONNX file as a module. The file is checked strictly before anything is made of it; weights in a second file are read from the model's own
 * folder only. Operators are those that Tenon exports, in operator sets 7 and newer, control flow and functions excepted.
 *
 * @throws FormatError if the file is broken or its second file missing; UnsupportedError naming the operator that Tenon has not; FileError if the
 * file itself cannot be read.
 * @example const net = await importOnnx("net.onnx"); const y = net(x);
 */
export async function importOnnx(file: PathOrBytes): Promise<OnnxModel> {
  return withSource(OP, file, async (source) => {
    const { model, graph } = await readModel(OP, source);
    const missing = graph.node.find(({ opType = "", domain = "" }) => domain !== "" || !operations.has(opType));
    if (missing !== undefined) {
      throw new UnsupportedError({
        op: OP,
        rule: `Tenon does not run the operator ${missing.domain ?? ""}${missing.opType ?? ""}`,
        received: `node "${missing.name ?? ""}" of ${source.name}`,
      });
    }
    checkModel(model, { op: OP });
    const weights = new Map<string, Tensor>();
    for (const tensor of graph.initializer) weights.set(tensor.name!, await readWeight(tensor, file));
    const { version = 1 } = model.opsetImport.find(({ domain = "" }) => domain === "")!;
    return new OnnxModel({
      opset: version,
      inputs: graph.input.map(({ name }) => name!).filter((name) => !weights.has(name)),
      outputs: graph.output.map(({ name }) => name!),
      nodes: graph.node.map(importNode),
      weights,
    });
  });
}

function importNode({ name = "", opType = "", input, output, attribute }: NodeProto): ImportedNode {
  return { name, opType, inputs: input, outputs: output, attributes: decodeAttributes(OP, attribute) };
}

async function readWeight(tensor: TensorProto, file: PathOrBytes): Promise<Tensor> {
  const value = decodeTensor(OP, tensor);
  const data = value.data ?? (await readExternal(tensor, value, file));
  return keep(fromTypedArray(data, value.shape, value.dtype));
}

async function readExternal(tensor: TensorProto, value: TensorValue, file: PathOrBytes): Promise<TypedArray> {
  const { location, offset, length } = externalRange(tensor, value);
  if (typeof file !== "string" && !(file instanceof URL)) {
    throw new FileError({
      op: OP,
      rule: "weights lie in another file",
      received: location,
      hint: "Give the model's path",
    });
  }
  const { dirname, join } = await import("node:path");
  const { fileURLToPath } = await import("node:url");
  const path = join(dirname(file instanceof URL ? fileURLToPath(file) : file), location);
  const source = await openFile(OP, path).catch((cause: Error) => {
    throw new FormatError({ op: OP, rule: "the model's second file cannot be read", received: cause.message, cause });
  });
  try {
    if (offset + length > source.size)
      throw source.fail("the file is shorter than the tensor needs", `"${tensor.name}"`);
    return valuesOfBytes(value.dtype, await source.read(offset, length));
  } finally {
    await source.close();
  }
}
