import { type ByteSource, decodeUtf8, type Fail, openFile } from "./byte-source.ts";
import { readSafetensorsFrom } from "./safetensors.ts";
import { parseStrictJson } from "./strict-json.ts";
import type { TensorData } from "./tensor-data.ts";

const MAX_INDEX = 100_000_000;

/**
 * A checkpoint split over several files, by its index `model.safetensors.index.json`: `{ "weight_map": { tensor: file } }`.
 * Files are plain names in the folder of the index; only the tensors of the map are read, in the order of the map.
 * @throws FormatError if a name is a path, a file is missing, or a tensor is not in the file the map names.
 */
export async function readSafetensorsIndex(source: ByteSource, path: string | URL): Promise<Map<string, TensorData>> {
  const { fail } = source;
  if (source.size > MAX_INDEX) throw fail(`safetensors index: larger than ${MAX_INDEX} bytes`, `${source.size} bytes`);
  const weightMap = parseWeightMap(decodeUtf8(await source.read(0, source.size), fail, "index"), fail);
  const files = new Map<string, Set<string>>();
  for (const [name, file] of weightMap) {
    const names = files.get(file) ?? new Set();
    files.set(file, names.add(name));
  }
  const found = new Map<string, TensorData>();
  for (const [file, names] of files) {
    for (const [name, tensor] of await readShard(path, file, names, fail)) found.set(name, tensor);
  }
  const ordered = new Map<string, TensorData>();
  for (const [name, file] of weightMap) {
    const tensor = found.get(name);
    if (tensor === undefined) throw fail(`safetensors index: ${file} has no such tensor`, JSON.stringify(name));
    ordered.set(name, tensor);
  }
  return ordered;
}

function parseWeightMap(text: string, fail: Fail): Map<string, string> {
  const index = parseStrictJson(text, fail);
  const map = index instanceof Map ? index.get("weight_map") : undefined;
  if (!(map instanceof Map)) throw fail("safetensors index: weight_map must be an object", "weight_map");
  for (const [name, file] of map) {
    // A plain name: no separator of any system, no drive or URL, nothing hidden, and not the index itself.
    if (typeof file !== "string" || !/^[^/\\:\0.][^/\\:\0]*\.safetensors$/.test(file)) {
      throw fail("safetensors index: not a .safetensors file name in the index's own folder", JSON.stringify(name));
    }
  }
  return map as Map<string, string>;
}

async function readShard(
  index: string | URL,
  file: string,
  names: ReadonlySet<string>,
  fail: Fail,
): Promise<Map<string, TensorData>> {
  const { dirname, join } = await import("node:path");
  const { fileURLToPath } = await import("node:url");
  const folder = dirname(index instanceof URL ? fileURLToPath(index) : index);
  const shard = await openFile("load", join(folder, file)).catch(() => {
    throw fail("safetensors index: a shard is missing or cannot be read", JSON.stringify(file));
  });
  try {
    return (await readSafetensorsFrom(shard, (name) => names.has(name))).tensors;
  } finally {
    await shard.close();
  }
}
