import { Module } from "@tenon/models";
import { Parameter, type Tensor, zeros } from "@tenon/numerics";
import { camelCase, camelCaseKeys, lookup } from "./lookup.ts";

type Args = { readonly [name: string]: unknown };
type Function = (...args: unknown[]) => Tensor | Tensor[];

export interface ModuleSpec {
  readonly name: string;
  readonly type: string;
  readonly args: Args;
  readonly params: { readonly [key: string]: readonly number[] };
}

export interface ForwardStep {
  readonly out: string;
  readonly op: string;
  readonly in: readonly string[];
  readonly attrs?: Args;
}

/** The network of a case: its modules under their PyTorch paths, and the listed steps as `forward`. */
export class TrajectoryNetwork extends Module {
  #parts: ReadonlyMap<string, Module | Parameter>;
  #steps: readonly ForwardStep[];

  constructor(modules: readonly ModuleSpec[], steps: readonly ForwardStep[]) {
    super();
    this.#parts = new Map(modules.map((spec) => [spec.name, buildPart(spec)]));
    this.#steps = steps;
  }

  protected override *members(): Generator<[string, unknown]> {
    yield* this.#parts;
  }

  forward(x: Tensor): Tensor {
    const values = new Map<string, Tensor>([["x", x]]);
    for (const [name, part] of this.#parts) if (part instanceof Parameter) values.set(name, part);
    for (const { out, op, in: names, attrs = {} } of this.#steps) {
      const inputs = names.map((name) => values.get(name) as Tensor);
      const part = this.#parts.get(op);
      const result =
        part instanceof Module ? (part as unknown as Function)(...inputs) : callFunction(op, inputs, attrs);
      // Recurrent layers give their last state as well.
      values.set(out, Array.isArray(result) ? result[0]! : result);
    }
    return values.get("y") as Tensor;
  }
}

function buildPart({ name, type, args, params }: ModuleSpec): Module | Parameter {
  if (type === "Parameter") return new Parameter(zeros(params[name]!, { dtype: "float64" }));
  const layer = lookup<new (...args: unknown[]) => Module>("models", type);
  return new layer(...layerArguments(type, args)).to("float64");
}

/** PyTorch's arguments of a layer as ours: the required ones by position, all as options. */
export function layerArguments(type: string, args: Args): unknown[] {
  return [...(positional.get(type) ?? []).map((key) => args[key]), camelCaseKeys(args)];
}

function callFunction(op: string, inputs: readonly Tensor[], attrs: Args): Tensor | Tensor[] {
  const named = positional.get(op) ?? [];
  const rest = Object.fromEntries(Object.entries(attrs).filter(([key]) => !named.includes(key)));
  const given = named.filter((key) => key in attrs).map((key) => attrs[key]);
  const options = Object.keys(rest).length > 0 ? [camelCaseKeys(rest)] : [];
  return lookup<Function>("numerics", camelCase(op))(...inputs, ...given, ...options);
}

const channels = ["in_channels", "out_channels", "kernel_size"];

/** What layers and functions take by position; everything else goes into their options. */
const positional: ReadonlyMap<string, readonly string[]> = new Map([
  ["Linear", ["in_features", "out_features"]],
  ["Conv1d", channels],
  ["Conv2d", channels],
  ["Conv3d", channels],
  ["ConvTranspose1d", channels],
  ["ConvTranspose2d", channels],
  ["ConvTranspose3d", channels],
  ["BatchNorm1d", ["num_features"]],
  ["BatchNorm2d", ["num_features"]],
  ["LayerNorm", ["normalized_shape"]],
  ["GroupNorm", ["num_groups", "num_channels"]],
  ["BatchNorm3d", ["num_features"]],
  ["InstanceNorm2d", ["num_features"]],
  ["Bilinear", ["in1_features", "in2_features", "out_features"]],
  ["MultiheadAttention", ["embed_dim", "num_heads"]],
  ["Embedding", ["num_embeddings", "embedding_dim"]],
  ["EmbeddingBag", ["num_embeddings", "embedding_dim"]],
  ...["LSTM", "LSTMCell", "GRU", "GRUCell", "RNN", "RNNCell"].map(
    (name) => [name, ["input_size", "hidden_size"]] as [string, string[]],
  ),
  ["TransformerEncoderLayer", ["d_model", "nhead"]],
  ["flatten", ["start_dim", "end_dim"]],
  ["transpose", ["dim0", "dim1"]],
  ["log_softmax", ["dim"]],
  ["mean", ["dim"]],
  ["max_pool2d", ["kernel_size", "stride"]],
  ["adaptive_avg_pool1d", ["output_size"]],
  ["adaptive_avg_pool2d", ["output_size"]],
]);
