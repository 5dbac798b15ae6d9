import { FormatError } from "@tenon/numerics";
import { type PathOrBytes, withSource } from "../checkpoint/byte-source.ts";
import type { TensorData } from "../checkpoint/tensor-data.ts";
import { type TensorProto, tensorSchema } from "./messages.ts";
import { decodeMessage } from "./protobuf.ts";
import { decodeTensor } from "./tensor-proto.ts";

const OP = "readOnnxTensor";

/**
 * Reads a tensor that stands alone in a file (`input_0.pb`), as ONNX's test data do. Needs no engine.
 * @throws FormatError if the file is no tensor; UnsupportedError for element types that Tenon has not.
 */
export async function readOnnxTensor(file: PathOrBytes): Promise<TensorData> {
  return withSource(OP, file, async (source) => {
    const bytes = await source.read(0, source.size);
    const { shape, dtype, data } = decodeTensor(OP, decodeMessage<TensorProto>(OP, tensorSchema, bytes));
    if (data === null) throw new FormatError({ op: OP, rule: "the values lie in another file", received: source.name });
    return { shape, dtype, data };
  });
}
