import { readFileSync } from "node:fs";

/** Reads a file with the public reader of its format; what comes back is only summarised. */
export type Reader = (path: string) => Promise<unknown>;

/** The archive and image readers' output limit that the set asks for. */
const MAX_BYTES = 32 * 1024 * 1024;

type Library = Readonly<Record<string, unknown>>;
type AnyFunction = (...args: unknown[]) => unknown;

function reader(library: () => Promise<object>, name: string, call: (fn: AnyFunction, path: string) => unknown) {
  return async (): Promise<Reader | undefined> => {
    const fn = ((await library()) as Library)[name];
    return typeof fn === "function" ? async (path) => call(fn as AnyFunction, path) : undefined;
  };
}

const models = () => import("@tenon/models");
const data = () => import("@tenon/data");
const limit = { maxBytes: MAX_BYTES };

async function drain(entries: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

/** Readers by the manifest's format; undefined where Tenon has none yet. */
export const READERS: Readonly<Record<string, () => Promise<Reader | undefined>>> = {
  safetensors: reader(models, "readSafetensors", (read, path) => read(path)),
  "safetensors.index.json": reader(models, "load", (load, path) => load(path)),
  pth: reader(models, "readPth", (read, path) => read(path, limit)),
  npy: reader(models, "readNpy", (read, path) => read(path)),
  npz: reader(models, "readNpz", (read, path) => read(path, limit)),
  onnx: reader(models, "importOnnx", (read, path) => read(path)),
  gz: reader(data, "gunzip", (gunzip, path) => gunzip(readFileSync(path), limit)),
  tar: reader(data, "readTar", (readTar, path) => drain(readTar(readFileSync(path), limit) as AsyncIterable<unknown>)),
  idx: reader(data, "readIdx", (readIdx, path) => readIdx(readFileSync(path), limit)),
  png: reader(data, "decodeImage", (decode, path) => decode(readFileSync(path), limit)),
  jpg: reader(data, "decodeImage", (decode, path) => decode(readFileSync(path), limit)),
};
