import { itemSize } from "@tenon/numerics";
import { type ByteSource, decodeUtf8, type Fail, type PathOrBytes, withSource } from "./byte-source.ts";
import { runPickle, walkPickle } from "./pickle.ts";
import { type PickleKey, type PickleValue, type Storage, StridedTensor, Tuple } from "./pickle-values.ts";
import { isLegacyPth, readLegacyPth } from "./pth-legacy.ts";
import { pthRules } from "./pth-rules.ts";
import { materialize } from "./strided-copy.ts";
import type { TensorData } from "./tensor-data.ts";
import { looksLikeZip, openZip, type ZipArchive } from "./zip.ts";

/** What `torch.save` stored: dictionaries as Maps, lists and tuples as arrays, tensors as typed arrays. */
export type PthValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | TensorData
  | PthValue[]
  | Set<PthValue>
  | Map<PickleKey, PthValue>;

export interface PthOptions {
  /** Upper limit of the bytes that compressed records may inflate to, all together. Default 4 GiB. */
  readonly maxBytes?: number;
}

/**
 * Reads a PyTorch checkpoint (`torch.save`), both the zip form (since 1.6) and the older one, without executing anything:
 * only tensors, parameters, dictionaries, lists and plain values are understood, every other name in it is refused.
 * Tensors that share a storage window come back as one object; views come back contiguous; devices are ignored.
 * @throws FormatError for anything that is broken or that no state dict needs, TorchScript archives and whole modules among
 * it (in Python: `torch.save(model.state_dict(), path)`); UnsupportedError for sparse, quantised and complex tensors.
 */
export async function readPth(from: PathOrBytes, options: PthOptions = {}): Promise<PthValue> {
  return withSource("readPth", from, (source) => readPthFrom(source, options));
}

export async function readPthFrom(source: ByteSource, options: PthOptions = {}): Promise<PthValue> {
  const start = await source.read(0, Math.min(16, source.size));
  if (looksLikeZip(start)) return readZipPth(source, options);
  if (isLegacyPth(start)) return convert(await readLegacyPth(source), source.fail);
  throw source.fail(describeUnknown(start), "byte 0");
}

function describeUnknown(start: Uint8Array): string {
  if (start[0] === 0x80) return "pth: a bare pickle, not written by torch.save";
  return "pth: neither a zip archive nor a PyTorch checkpoint of before 1.6";
}

async function readZipPth(source: ByteSource, options: PthOptions): Promise<PthValue> {
  const { fail } = source;
  const archive = await openZip(source, options);
  const root = rootOf(archive, fail);
  await checkRecords(archive, root, fail);
  const pickle = archive.entries.get(`${root}/data.pkl`);
  if (pickle === undefined) throw fail("pth: no data.pkl", JSON.stringify(`${root}/data.pkl`));
  const rules = pthRules(fail);
  const { value } = runPickle(await archive.read(pickle), 0, rules, fail);
  for (const storage of rules.storages.values()) await readRecord(archive, root, storage, fail);
  return convert(value, fail);
}

/** All entries lie in one folder, whatever it is called. */
function rootOf(archive: ZipArchive, fail: Fail): string {
  const [first = ""] = archive.entries.keys();
  const root = first.slice(0, Math.max(first.indexOf("/"), 0));
  for (const name of archive.entries.keys()) {
    if (root === "" || root === ".." || !name.startsWith(`${root}/`)) {
      throw fail("pth: entries must lie in one top folder", `zip entry ${JSON.stringify(name)}`);
    }
  }
  return root;
}

async function checkRecords(archive: ZipArchive, root: string, fail: Fail): Promise<void> {
  for (const name of archive.entries.keys()) {
    if (name === `${root}/constants.pkl` || name.startsWith(`${root}/code/`)) {
      throw fail("pth: a TorchScript archive holds code; save model.state_dict() instead", `zip entry ${name}`);
    }
  }
  const version = await smallText(archive, `${root}/version`, fail);
  if (version === undefined || !/^([1-9]|10)\n?$/.test(version)) {
    throw fail("pth: record version must be 1 to 10", JSON.stringify(version?.slice(0, 20) ?? "no version"));
  }
  const byteOrder = await smallText(archive, `${root}/byteorder`, fail);
  if (byteOrder !== undefined && byteOrder !== "little") {
    throw fail("pth: byte order must be little", JSON.stringify(byteOrder.slice(0, 20)));
  }
}

async function smallText(archive: ZipArchive, name: string, fail: Fail): Promise<string | undefined> {
  const entry = archive.entries.get(name);
  if (entry === undefined) return undefined;
  if (entry.size > 100) throw fail("pth: a record that should be one word", `zip entry ${name}`);
  return decodeUtf8(await archive.read(entry), fail, `zip entry ${name}`);
}

async function readRecord(archive: ZipArchive, root: string, storage: Storage, fail: Fail): Promise<void> {
  const name = `${root}/data/${storage.key}`;
  const entry = archive.entries.get(name);
  if (entry === undefined) throw fail("pth: a storage has no record", JSON.stringify(name));
  const bytes = storage.length * itemSize(storage.dtype);
  if (entry.size !== bytes) {
    throw fail(
      `pth: record of ${entry.size} bytes for ${storage.length} elements of ${storage.dtype}`,
      JSON.stringify(name),
    );
  }
  storage.bytes = await archive.read(entry);
}

/** The value with typed arrays in place of windows. */
function convert(value: PickleValue, fail: Fail): PthValue {
  const tensors: StridedTensor[] = [];
  walkPickle(value, fail, (tensor) => tensors.push(tensor));
  const arrays = materialize(tensors, fail);
  const plain = (item: PickleValue): PthValue => {
    if (item instanceof StridedTensor) return arrays.get(item) as TensorData;
    if (item instanceof Tuple) return item.items.map(plain);
    if (Array.isArray(item)) return item.map(plain);
    if (item instanceof Set) return new Set([...item].map(plain));
    if (item instanceof Map) return new Map([...item].map(([key, child]) => [key, plain(child)]));
    return item as PthValue;
  };
  return plain(value);
}
