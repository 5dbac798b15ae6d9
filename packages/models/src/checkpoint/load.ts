import { FormatError } from "@tenon/numerics";
import { type StateDict, tensorOfData } from "../state-dict.ts";
import { type ByteSource, type PathOrBytes, withSource } from "./byte-source.ts";
import { readNpzFrom } from "./npy.ts";
import { looksLikeNpy } from "./npy-header.ts";
import { type PthValue, readPthFrom } from "./pth.ts";
import { isLegacyPth } from "./pth-legacy.ts";
import { readSafetensorsFrom } from "./safetensors.ts";
import { readSafetensorsIndex } from "./safetensors-index.ts";
import type { TensorData } from "./tensor-data.ts";
import { looksLikeZip, openZip } from "./zip.ts";

export interface LoadOptions {
  /** Where in a PyTorch checkpoint the state dict is, if it is not the whole: `"model"`, `["state", "net"]`. */
  readonly key?: string | readonly string[];
  /** Upper limit of the bytes that a compressed file may inflate to. Default 4 GiB. */
  readonly maxBytes?: number;
}

/**
 * Reads a state dict. The content of the file decides, not its name: safetensors, its index of several files
 * (`model.safetensors.index.json`), PyTorch's `.pth` of any age, NumPy's `.npz`. Nothing in a file is ever executed.
 * Names that shared a tensor when it was saved share one here.
 * @throws FormatError naming offset, entry or key; FileError if the file cannot be read.
 */
export async function load(from: PathOrBytes, options: LoadOptions = {}): Promise<StateDict> {
  return withSource("load", from, async (source) => {
    const arrays = await readArrays(source, from, options);
    const tensors = new Map([...new Set(arrays.values())].map((data) => [data, tensorOfData(data)]));
    return new Map([...arrays].map(([name, data]) => [name, tensors.get(data)!]));
  });
}

async function readArrays(
  source: ByteSource,
  from: PathOrBytes,
  options: LoadOptions,
): Promise<Map<string, TensorData>> {
  const start = await source.read(0, Math.min(16, source.size));
  if (looksLikeZip(start)) {
    const names = [...(await openZip(source)).entries.keys()];
    const isNpz = names.length > 0 && names.every((name) => name.endsWith(".npy"));
    return isNpz ? readNpzFrom(source, options) : stateIn(await readPthFrom(source, options), options, source);
  }
  if (isLegacyPth(start) || start[0] === 0x80) return stateIn(await readPthFrom(source, options), options, source);
  if (looksLikeNpy(start)) throw source.fail("a single array, not a state dict: call readNpy", "byte 0");
  if (start[0] === "{".charCodeAt(0)) {
    if (typeof from === "string" || from instanceof URL) return readSafetensorsIndex(source, from);
    throw source.fail("an index of several files can only be read from a path", "byte 0");
  }
  const { tensors, metadata } = await readSafetensorsFrom(source);
  return withAliases(tensors, metadata);
}

/** Puts back the names that `save` (and Hugging Face's `save_model`) left out because another name has the same tensor. */
function withAliases(tensors: Map<string, TensorData>, metadata: ReadonlyMap<string, string>): Map<string, TensorData> {
  for (const [alias, kept] of metadata) {
    const tensor = tensors.get(kept);
    if (tensor !== undefined && !tensors.has(alias)) tensors.set(alias, tensor);
  }
  return tensors;
}

function stateIn(root: PthValue, { key = [] }: LoadOptions, source: ByteSource): Map<string, TensorData> {
  let value: PthValue | undefined = root;
  for (const step of typeof key === "string" ? [key] : key) {
    if (!(value instanceof Map) || !value.has(step)) throw source.fail("nothing under this key", JSON.stringify(step));
    value = value.get(step);
  }
  if (!(value instanceof Map)) throw source.fail("the checkpoint is not a dictionary of tensors", describe(value));
  const state = new Map<string, TensorData>();
  for (const [name, item] of value as Map<unknown, PthValue>) {
    if (typeof name !== "string" || !isTensorData(item)) throw notAState(name, item, source);
    state.set(name, item);
  }
  return state;
}

function notAState(name: unknown, item: PthValue, source: ByteSource): FormatError {
  return new FormatError({
    op: "load",
    rule: "the checkpoint holds more than a state dict",
    received: `${describe(item)} under ${JSON.stringify(String(name))} in ${source.name}`,
    hint: "Pass { key } to say where the state dict is, or take the parts with readPth",
  });
}

function isTensorData(value: PthValue): value is TensorData {
  return typeof value === "object" && value !== null && "dtype" in value;
}

function describe(value: PthValue | undefined): string {
  if (value instanceof Map) return "a dictionary";
  if (Array.isArray(value)) return "a list";
  return value === null ? "None" : typeof value === "object" && isTensorData(value) ? "a tensor" : `a ${typeof value}`;
}
