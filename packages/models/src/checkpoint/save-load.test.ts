import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ArgumentError, FileError, FormatError, noGrad, type Tensor, tensor } from "@tenon/numerics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BatchNorm2d, Conv2d, Flatten, Linear, Sequential } from "../index.ts";
import { load } from "./load.ts";
import { encodeSafetensors } from "./safetensors.ts";
import { save } from "./save.ts";

// Written by tools/fixtures/checkpoints.py with PyTorch 1.13.
const fixtures = fileURLToPath(new URL("../../fixtures/checkpoints/", import.meta.url));
const net = () => new Sequential(new Conv2d(1, 2, 3), new BatchNorm2d(2), new Flatten(), new Linear(8, 2));
const plain = (state: ReadonlyMap<string, Tensor>) => [...state].map(([key, t]) => [key, t.dtype, t.toArray()]);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenon-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("save and load", () => {
  it("bring every value back", async () => {
    const path = join(folder, "net.safetensors");
    const before = net();
    await save(before.stateDict(), path);
    const after = net();
    after.loadStateDict(await load(path));
    expect(plain(after.stateDict())).toEqual(plain(before.stateDict()));
  });

  it("store tied weights once and tie them again", async () => {
    const path = join(folder, "tied.safetensors");
    const w = tensor([1, 2, 3]);
    await save({ a: w, b: w, c: tensor([1, 2, 3]) }, path);
    const state = await load(path);
    expect([...state.keys()].sort()).toEqual(["a", "b", "c"]);
    expect(state.get("a")).toBe(state.get("b"));
    expect((await readFile(path)).length).toBeLessThan(8 + 200 + 2 * 12 + 8);
  });

  it("write the values of the moment of the call", async () => {
    const path = join(folder, "moment.safetensors");
    const w = tensor([1]);
    const done = save({ w }, path);
    noGrad(() => w.fill_(2));
    await done;
    expect((await load(path)).get("w")!.toArray()).toEqual([1]);
  });
});

describe("save", () => {
  it("leaves nothing half-written", async () => {
    await expect(save({ w: tensor([1]) }, join(folder, "no", "such.safetensors"))).rejects.toThrow(FileError);
    const target = join(folder, "kept.safetensors");
    await save({ w: tensor([1]) }, target);
    // A folder in the way of the final rename.
    await expect(save({ w: tensor([2]) }, folder)).rejects.toThrow(FileError);
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect((await load(target)).get("w")!.toArray()).toEqual([1]);
  });

  it("refuses names of other formats", async () => {
    await expect(save({}, join(folder, "net.pth"))).rejects.toThrow(ArgumentError);
  });
});

describe("load", () => {
  it("goes by content: PyTorch's files, old and new, and NumPy's", async () => {
    for (const file of ["model.pth", "legacy.pth"]) {
      const model = net();
      expect(model.loadStateDict(await load(fixtures + file))).toEqual({ missingKeys: [], unexpectedKeys: [] });
    }
    const renamed = join(folder, "renamed.safetensors");
    await writeFile(renamed, await readFile(`${fixtures}model.pth`));
    expect([...(await load(renamed)).keys()]).toEqual([...net().stateDict().keys()]);
    expect((await load(`${fixtures}arrays.npz`)).get("a")!.shape).toEqual([2, 3]);
  });

  it("finds the state dict inside a checkpoint by key", async () => {
    const path = `${fixtures}training.pth`;
    expect([...(await load(path, { key: "model" })).keys()]).toEqual(["weight", "bias"]);
    await expect(load(path)).rejects.toThrow(/\{ key \}/);
    await expect(load(path, { key: "ema" })).rejects.toThrow(/"ema"/);
  });

  it("reads an index of several files from its own folder only", async () => {
    const bytes = (name: string) =>
      encodeSafetensors({ [name]: { dtype: "int8", shape: [1], data: new Int8Array([7]) } });
    await writeFile(join(folder, "m-1.safetensors"), bytes("a"));
    await writeFile(join(folder, "m-2.safetensors"), bytes("b"));
    const index = join(folder, "m.safetensors.index.json");
    const write = (map: object) => writeFile(index, JSON.stringify({ weight_map: map }));
    await write({ b: "m-2.safetensors", a: "m-1.safetensors" });
    expect([...(await load(index)).keys()]).toEqual(["b", "a"]);
    for (const file of ["../m-1.safetensors", "/etc/passwd", "m.safetensors.index.json", "nothing.safetensors", 5]) {
      await write({ a: file });
      await expect(load(index)).rejects.toThrow(FormatError);
    }
    await write({ c: "m-1.safetensors" });
    await expect(load(index)).rejects.toThrow(/m-1\.safetensors has no such tensor.*"c"/);
  });

  it("says what the file is not", async () => {
    await expect(load(`${fixtures}fortran.npy`)).rejects.toThrow(/readNpy/);
    await expect(load(new Uint8Array(3))).rejects.toThrow(FormatError);
    await expect(load(join(folder, "missing"))).rejects.toThrow(FileError);
    await expect(load(5 as never)).rejects.toThrow(/neither a path nor bytes/);
  });
});
