import { FormatError } from "@tenon/numerics";
import type { ByteSource } from "../checkpoint/byte-source.ts";
import { type GraphProto, type ModelProto, modelSchema } from "./messages.ts";
import { decodeMessage } from "./protobuf.ts";

/** The message in an .onnx file, and its graph. */
export async function readModel(op: string, source: ByteSource): Promise<{ model: ModelProto; graph: GraphProto }> {
  if (source.size >= 2 ** 31) throw source.fail("a protobuf message is smaller than 2 GiB", `${source.size} bytes`);
  const bytes = await source.read(0, source.size);
  const model = decodeMessage<ModelProto>(op, modelSchema, bytes);
  const { graph } = model;
  if (graph === undefined) throw new FormatError({ op, rule: "the model has no graph", received: source.name });
  return { model, graph };
}
