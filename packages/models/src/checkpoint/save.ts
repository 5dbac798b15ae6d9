import { ArgumentError, Tensor } from "@tenon/numerics";
import { writeAtomically } from "./atomic-write.ts";
import { safetensorsChunks } from "./safetensors.ts";
import type { TensorData } from "./tensor-data.ts";

export interface SaveOptions {
  /** Text that goes into the file's header. */
  readonly metadata?: { readonly [key: string]: string };
}

/**
 * Writes a state dict as safetensors: completely or not at all (a temporary file, flushed, then renamed). The values are
 * those at the moment of the call, whatever training does until the promise resolves. A tensor that appears under two
 * names (tied weights) is stored once; the second name goes into the metadata, where `load` finds it.
 * @throws FileError if the path cannot be written; ArgumentError for a name that says another format.
 */
export async function save(
  state: ReadonlyMap<string, Tensor> | { readonly [key: string]: Tensor },
  path: string | URL,
  options: SaveOptions = {},
): Promise<void> {
  if (/\.(pth?|bin|ckpt|npz|npy|onnx)$/.test(String(path))) {
    throw new ArgumentError({
      op: "save",
      rule: "writes safetensors",
      received: String(path),
      hint: "Name the file .safetensors; PyTorch reads it with safetensors.torch.load_file",
    });
  }
  const { tensors, aliases } = snapshot(state);
  const metadata = [...Object.entries(options.metadata ?? {}), ...aliases];
  await writeAtomically("save", path, safetensorsChunks(tensors, metadata));
}

function snapshot(state: ReadonlyMap<string, Tensor> | { readonly [key: string]: Tensor }): {
  tensors: Map<string, TensorData>;
  aliases: Map<string, string>;
} {
  const tensors = new Map<string, TensorData>();
  const aliases = new Map<string, string>();
  const first = new Map<string, string>();
  for (const [name, tensor] of state instanceof Map ? state : Object.entries(state)) {
    if (!(tensor instanceof Tensor)) {
      throw new ArgumentError({
        op: "save",
        rule: "a state dict holds tensors",
        received: `${typeof tensor} under ${name}`,
      });
    }
    const window = JSON.stringify([tensor.ptr, tensor.dtype, tensor.shape, tensor.strides]);
    const kept = tensor.size === 0 ? undefined : first.get(window);
    if (kept !== undefined) {
      aliases.set(name, kept);
      continue;
    }
    first.set(window, name);
    tensors.set(name, { dtype: tensor.dtype, shape: tensor.shape, data: tensor.data() });
  }
  return { tensors, aliases };
}
