import { itemSize } from "@tenon/numerics";
import type { ByteSource, Fail } from "./byte-source.ts";
import { runPickle } from "./pickle.ts";
import type { PickleValue, Storage } from "./pickle-values.ts";
import { pthRules } from "./pth-rules.ts";

/** The first pickle of the old format: the number 0x1950a86a20f9469cfc6c as LONG1. */
const MAGIC = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
const PROTOCOL = 1001;

/** By the opcodes before the number, so that a wrong number is reported as such. */
export function isLegacyPth(start: Uint8Array): boolean {
  return MAGIC.slice(0, 4).every((byte, i) => start[i] === byte);
}

/**
 * The format of PyTorch before 1.6: pickles of magic number, protocol, system, the object and the list of storage keys,
 * one after the other; then per key an int64 count and the elements, up to the end of the file.
 */
export async function readLegacyPth(source: ByteSource): Promise<PickleValue> {
  const { fail } = source;
  const bytes = await source.read(0, source.size);
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) throw fail("pth: wrong magic number", "byte 0");
  const rules = pthRules(fail);
  let at = MAGIC.length;
  const next = (): PickleValue => {
    const { value, end } = runPickle(bytes, at, rules, fail);
    at = end;
    return value;
  };
  const protocol = next();
  if (protocol !== PROTOCOL) throw fail(`pth: protocol ${String(protocol)}, expected ${PROTOCOL}`, "second pickle");
  const system = next();
  if (!(system instanceof Map) || system.get("little_endian") !== true) {
    throw fail("pth: not written on a little-endian machine", "third pickle");
  }
  const value = next();
  readStorages(bytes, next(), () => at, rules.storages, fail);
  return value;
}

function readStorages(
  bytes: Uint8Array,
  keys: PickleValue,
  position: () => number,
  storages: ReadonlyMap<string, Storage>,
  fail: Fail,
): void {
  let at = position();
  if (!Array.isArray(keys) || keys.length !== storages.size || new Set(keys).size !== keys.length) {
    throw fail(`pth: list of storage keys does not name the ${storages.size} storages in use`, "fifth pickle");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const key of keys) {
    const storage = typeof key === "string" ? storages.get(key) : undefined;
    if (storage === undefined) throw fail("pth: a storage key that no tensor refers to", "fifth pickle");
    const length = storage.length * itemSize(storage.dtype);
    if (length + 8 > bytes.length - at) throw fail(`pth: storage ${JSON.stringify(key)} is cut off`, `byte ${at}`);
    if (view.getBigInt64(at, true) !== BigInt(storage.length)) {
      throw fail(`pth: storage ${JSON.stringify(key)} has another length than its tensors say`, `byte ${at}`);
    }
    storage.bytes = bytes.subarray(at + 8, at + 8 + length);
    at += 8 + length;
  }
  if (at !== bytes.length) throw fail("pth: bytes after the last storage", `byte ${at}`);
}
