import { ArgumentError } from "@tenon/numerics";
import { writeAtomically } from "../checkpoint/atomic-write.ts";
import type { Initializer } from "./ir.ts";
import { type ExternalPlace, initializerBytes, initializerSize } from "./tensor-proto.ts";

/** What one file may hold, with room for the nodes: protobuf's limit is 2 GiB less one byte. */
const MAX_WEIGHTS = 2 ** 31 - 2 ** 24;
/** Tensors below this size stay in the model, where shape inference sees them. */
const SMALL = 1024;
/** Larger tensors start on a page, so that a runtime can map them. */
const LARGE = 2 ** 20;

export interface External {
  /** The file with the weights; null where the model holds them itself. */
  readonly file: string | null;
  readonly places: ReadonlyMap<string, ExternalPlace>;
}

/** Decides which initializers lie in a second file, and where. */
export function externalPlaces(
  initializers: ReadonlyMap<string, Initializer>,
  path: string | URL | undefined,
  wanted: boolean | undefined,
): External {
  let total = 0;
  for (const initializer of initializers.values()) total += initializerSize(initializer);
  if (!(wanted ?? total > MAX_WEIGHTS)) return { file: null, places: new Map() };
  if (path === undefined) {
    throw new ArgumentError({
      op: "exportOnnx",
      rule: "weights in a second file need a path",
      received: `${total} bytes of weights`,
      hint: "Give the option path",
    });
  }
  const file = `${path instanceof URL ? process.getBuiltinModule("node:url").fileURLToPath(path) : path}.data`;
  const location = file.split(/[\\/]/).at(-1)!;
  const places = new Map<string, ExternalPlace>();
  let end = 0;
  for (const [name, initializer] of initializers) {
    const size = initializerSize(initializer);
    if (size < SMALL) continue;
    const offset = Math.ceil(end / alignment(size)) * alignment(size);
    places.set(name, { location, offset });
    end = offset + size;
  }
  return { file, places };
}

function alignment(size: number): number {
  return size >= LARGE ? 4096 : 64;
}

export async function writeExternal(
  op: string,
  file: string,
  places: ReadonlyMap<string, ExternalPlace>,
  initializers: ReadonlyMap<string, Initializer>,
): Promise<void> {
  await writeAtomically(op, file, chunks(places, initializers));
}

function* chunks(
  places: ReadonlyMap<string, ExternalPlace>,
  initializers: ReadonlyMap<string, Initializer>,
): Generator<Uint8Array> {
  let end = 0;
  for (const [name, { offset }] of places) {
    if (offset > end) yield new Uint8Array(offset - end);
    const bytes = initializerBytes(initializers.get(name)!);
    yield bytes;
    end = offset + bytes.length;
  }
}
