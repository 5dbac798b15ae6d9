import { fromTypedArray } from "@tenon/numerics";
import { isDenseArray } from "../value.ts";
import type { Batched, BatchedArrays } from "./collate.ts";

/** A batch of arrays as a batch of tensors: one copy into the engine's heap. */
export function toTensors<S>(batch: BatchedArrays<S>): Batched<S> {
  return convert(batch) as Batched<S>;
}

function convert(value: unknown): unknown {
  if (isDenseArray(value)) return fromTypedArray(value.data, value.shape, value.dtype);
  if (Array.isArray(value)) return typeof value[0] === "string" ? value : value.map(convert);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, convert(part)]));
}
