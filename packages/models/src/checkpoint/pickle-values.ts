import type { DType } from "@tenon/numerics";

/**
 * What the restricted pickle reader makes: dictionaries as Maps, lists and tuples as arrays, numbers, text, and stand-ins
 * for the few things of PyTorch that it knows. Nothing of a file ever becomes a property name or a call.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Tuple
  | Set<PickleValue>
  | Map<PickleKey, PickleValue>
  | Global
  | Storage
  | StridedTensor
  | NumpyDType;

export type PickleKey = string | number | bigint | boolean;

/** Apart from lists, because a tuple cannot be appended to and is what calls take. */
export class Tuple {
  readonly items: readonly PickleValue[];
  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

/** A name of the fixed list, not yet called. */
export class Global {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A record of raw elements that tensors share. `bytes` is filled in when the record has been read. */
export class Storage {
  readonly dtype: DType;
  readonly key: string;
  readonly length: number;
  bytes: Uint8Array | undefined;
  constructor(dtype: DType, key: string, length: number) {
    this.dtype = dtype;
    this.key = key;
    this.length = length;
  }
}

/** A tensor as PyTorch saves it: a window on a storage; offset and strides count elements. */
export class StridedTensor {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  constructor(storage: Storage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/** `numpy.dtype("f8")`: only for the scalars of old checkpoints. */
export class NumpyDType {
  readonly code: string;
  constructor(code: string) {
    this.code = code;
  }
}
