import { type DType, UnsupportedError } from "@tenon/numerics";
import type { Fail } from "./byte-source.ts";
import type { PickleRules } from "./pickle.ts";
import { Global, NumpyDType, type PickleValue, Storage, StridedTensor, Tuple } from "./pickle-values.ts";

const MAX_RANK = 64;

/** `torch.FloatStorage` and its like: only ever named in persistent ids. */
const storageDtypes: ReadonlyMap<string, DType> = new Map([
  ["torch.FloatStorage", "float32"],
  ["torch.DoubleStorage", "float64"],
  ["torch.HalfStorage", "float16"],
  ["torch.BFloat16Storage", "bfloat16"],
  ["torch.LongStorage", "int64"],
  ["torch.IntStorage", "int32"],
  ["torch.ShortStorage", "int16"],
  ["torch.CharStorage", "int8"],
  ["torch.ByteStorage", "uint8"],
  ["torch.BoolStorage", "bool"],
]);

/** Parts of PyTorch that are harmless and not offered: said so by name instead of being called hostile. */
const unsupported: ReadonlySet<string> = new Set([
  "torch.ComplexFloatStorage",
  "torch.ComplexDoubleStorage",
  "torch.QInt8Storage",
  "torch.QUInt8Storage",
  "torch.QInt32Storage",
  "torch._utils._rebuild_sparse_tensor",
  "torch._utils._rebuild_qtensor",
  "torch._utils._rebuild_tensor_v3",
  "torch._tensor._rebuild_from_type_v2",
  "torch.serialization._get_layout",
]);

type Call = (args: readonly PickleValue[], fail: Fail) => PickleValue;

/** Everything that REDUCE may be asked to do. Nothing is ever looked up in an object or imported. */
const calls: ReadonlyMap<string, Call> = new Map<string, Call>([
  ["collections.OrderedDict", orderedDict],
  ["torch._utils._rebuild_tensor_v2", rebuildTensor],
  ["torch._utils._rebuild_tensor", rebuildTensor],
  ["torch._utils._rebuild_parameter", rebuildParameter],
  ["torch._utils._rebuild_parameter_with_state", rebuildParameter],
  ["torch.nn.parameter.Parameter", rebuildParameter],
  ["torch.Size", torchSize],
  ["torch.device", ([kind], fail) => text(kind, "torch.device", fail)],
  ["builtins.set", set],
  ["__builtin__.set", set],
  ["_codecs.encode", encodeLatin1],
  ["numpy.dtype", ([code], fail) => new NumpyDType(text(code, "numpy.dtype", fail))],
  ["numpy.core.multiarray.scalar", numpyScalar],
  ["numpy._core.multiarray.scalar", numpyScalar],
]);

/** The few names that stand for themselves: `torch.float32` in a configuration becomes the text "float32". */
const words: ReadonlySet<string> = new Set(
  "float16 bfloat16 float32 float64 int8 uint8 int16 int32 int64 bool half float double short int long"
    .split(" ")
    .map((name) => `torch.${name}`),
);

/** What a PyTorch checkpoint may contain. One object per file, because storages are shared by key. */
export function pthRules(fail: Fail): PickleRules & { readonly storages: ReadonlyMap<string, Storage> } {
  const storages = new Map<string, Storage>();
  return {
    storages,
    global(module, name) {
      const full = `${module}.${name}`;
      if (unsupported.has(full)) {
        throw new UnsupportedError({ op: "readPth", rule: "this kind of tensor is not supported", received: full });
      }
      if (!calls.has(full) && !storageDtypes.has(full) && !words.has(full)) {
        throw fail(
          "pickle: a name that no state dict needs; nothing is ever executed (of a model save state_dict(), not the whole)",
          JSON.stringify(`${module} ${name}`).slice(0, 80),
        );
      }
      return words.has(full) ? name : new Global(full);
    },
    call(callee, args) {
      const call = calls.get(callee.name);
      if (call === undefined) throw fail("pickle: REDUCE on a name that is not a function", callee.name);
      return call(args, fail);
    },
    build(object, state) {
      // State dicts carry {module path: version}; dtypes of numpy their byte order.
      const versions = object instanceof Map && state instanceof Map && state.size === 1 && state.has("_metadata");
      const byteOrder = object instanceof NumpyDType && state instanceof Tuple && state.items[1] !== ">";
      if (!versions && !byteOrder) throw fail("pickle: BUILD that sets the state of an object", "BUILD");
    },
    persistent: (id) => storageOf(id, storages, fail),
  };
}

/** `("storage", torch.FloatStorage, key, location, length)`, and `None` as a sixth in the old format. */
function storageOf(id: PickleValue, storages: Map<string, Storage>, fail: Fail): Storage {
  const items = id instanceof Tuple ? id.items : [];
  const [kind, type, key, location, length, view] = items;
  if (items.length < 5 || items.length > 6 || kind !== "storage" || (view ?? null) !== null) {
    throw fail("pickle: persistent id is not that of a storage", "persistent id");
  }
  const dtype = type instanceof Global ? storageDtypes.get(type.name) : undefined;
  if (dtype === undefined) throw fail("pickle: unknown storage type", "persistent id");
  if (typeof key !== "string" || typeof location !== "string") {
    throw fail("pickle: key and location of a storage must be text", "persistent id");
  }
  const place = `storage ${JSON.stringify(key)}`;
  const count = natural(length, "length of a storage", place, fail);
  const known = storages.get(key);
  if (known !== undefined && (known.dtype !== dtype || known.length !== count)) {
    throw fail("pickle: one storage with two types or lengths", place);
  }
  const storage = known ?? new Storage(dtype, key, count);
  storages.set(key, storage);
  return storage;
}

function orderedDict(args: readonly PickleValue[], fail: Fail): PickleValue {
  if (args.length !== 0) throw fail("pickle: OrderedDict with arguments", "collections.OrderedDict");
  return new Map();
}

/** `(storage, offset, size, stride, requires_grad, hooks, ...)`; the element furthest away must lie in the storage. */
function rebuildTensor(args: readonly PickleValue[], fail: Fail): StridedTensor {
  const [storage, offset, size, stride, , hooks] = args;
  if (!(storage instanceof Storage)) throw fail("pickle: a tensor without a storage", "_rebuild_tensor");
  const place = `tensor on storage ${JSON.stringify(storage.key)}`;
  noHooks(hooks, place, fail);
  const shape = naturals(size, "size", place, fail);
  const strides = naturals(stride, "stride", place, fail);
  if (shape.length !== strides.length) throw fail("pickle: size and stride of different rank", place);
  if (shape.length > MAX_RANK) throw fail(`pickle: more than ${MAX_RANK} dimensions`, place);
  const start = natural(offset, "offset", place, fail);
  const last = shape.reduce((sum, n, i) => sum + (n - 1) * strides[i]!, start);
  const end = shape.includes(0) ? start : last + 1;
  if (!(end <= storage.length)) throw fail(`pickle: reaches element ${end} of ${storage.length}`, place);
  return new StridedTensor(storage, start, shape, strides);
}

function rebuildParameter(args: readonly PickleValue[], fail: Fail): PickleValue {
  const [data, , hooks] = args;
  if (!(data instanceof StridedTensor)) throw fail("pickle: a parameter without a tensor", "_rebuild_parameter");
  noHooks(hooks, "_rebuild_parameter", fail);
  return data;
}

function noHooks(hooks: PickleValue | undefined, place: string, fail: Fail): void {
  const none = hooks === undefined || hooks === null || (hooks instanceof Map && hooks.size === 0);
  if (!none) throw fail("pickle: a tensor with hooks", place);
}

function torchSize([sizes]: readonly PickleValue[], fail: Fail): PickleValue {
  return new Tuple(naturals(sizes, "size", "torch.Size", fail));
}

function set([items]: readonly PickleValue[], fail: Fail): PickleValue {
  if (!Array.isArray(items)) throw fail("pickle: a set of what is not a list", "set");
  return new Set(items);
}

/** How protocol 2 writes `bytes`. */
function encodeLatin1([value, encoding]: readonly PickleValue[], fail: Fail): PickleValue {
  const plain = text(value, "_codecs.encode", fail);
  if (encoding !== "latin1") throw fail("pickle: an encoding other than latin1", "_codecs.encode");
  const bytes = new Uint8Array(plain.length);
  for (let i = 0; i < plain.length; i++) {
    const code = plain.charCodeAt(i);
    if (code > 255) throw fail("pickle: a character outside latin1", "_codecs.encode");
    bytes[i] = code;
  }
  return bytes;
}

function numpyScalar([dtype, bytes]: readonly PickleValue[], fail: Fail): PickleValue {
  const read = dtype instanceof NumpyDType ? numpyReaders.get(dtype.code) : undefined;
  if (read === undefined || !(bytes instanceof Uint8Array) || bytes.length !== read.bytes) {
    throw fail("pickle: a numpy scalar of an unknown kind", "numpy scalar");
  }
  return read.get(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

interface ScalarReader {
  readonly bytes: number;
  readonly get: (view: DataView) => number | bigint | boolean;
}

const numpyReaders: ReadonlyMap<string, ScalarReader> = new Map<string, ScalarReader>([
  ["f8", { bytes: 8, get: (v) => v.getFloat64(0, true) }],
  ["f4", { bytes: 4, get: (v) => v.getFloat32(0, true) }],
  ["i8", { bytes: 8, get: (v) => v.getBigInt64(0, true) }],
  ["i4", { bytes: 4, get: (v) => v.getInt32(0, true) }],
  ["b1", { bytes: 1, get: (v) => v.getUint8(0) !== 0 }],
]);

function naturals(value: PickleValue | undefined, what: string, place: string, fail: Fail): number[] {
  const items = value instanceof Tuple ? value.items : value;
  if (!Array.isArray(items)) throw fail(`pickle: ${what} is not a tuple`, place);
  return items.map((item) => natural(item, what, place, fail));
}

function natural(value: PickleValue | undefined, what: string, place: string, fail: Fail): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    const received = typeof value === "number" || typeof value === "bigint" ? `, but ${value}` : "";
    throw fail(`pickle: ${what} is not a whole number of 0 or more${received}`, place);
  }
  return value;
}

function text(value: PickleValue | undefined, what: string, fail: Fail): string {
  if (typeof value !== "string") throw fail(`pickle: ${what} without text`, what);
  return value;
}
