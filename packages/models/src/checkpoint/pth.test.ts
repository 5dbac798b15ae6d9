import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { FileError, FormatError, TenonError, UnsupportedError } from "@tenon/numerics";
import { describe, expect, it } from "vitest";
import { type PthValue, readPth } from "./pth.ts";
import type { TensorData } from "./tensor-data.ts";

// Written by tools/fixtures/checkpoints.py with PyTorch 1.13.
const folder = fileURLToPath(new URL("../../fixtures/checkpoints/", import.meta.url));
const expected = JSON.parse(readFileSync(`${folder}expected.json`, "utf8")) as {
  [file: string]: { [name: string]: { dtype: string; shape: number[]; values: number[] } };
};

const dict = (value: PthValue | undefined) => value as Map<string, TensorData>;
const numbers = (tensor: TensorData) => Array.from(tensor.data as ArrayLike<number | bigint>, Number);

describe("readPth gives PyTorch's values", () => {
  for (const [file, tensors] of Object.entries(expected)) {
    it(`of ${file}`, async () => {
      const root = await readPth(folder + file);
      const state = file === "training.pth" ? dict(dict(root).get("model") as never) : dict(root);
      expect([...state.keys()]).toEqual(Object.keys(tensors));
      for (const [name, { dtype, shape, values }] of Object.entries(tensors)) {
        const tensor = state.get(name)!;
        expect([name, tensor.dtype, tensor.shape]).toEqual([name, dtype, shape]);
        expect(numbers(tensor)).toEqual(values.map(Number));
      }
    });
  }

  it("of bytes in memory", async () => {
    const state = dict(await readPth(await readFile(`${folder}model.pth`)));
    expect(state.get("1.num_batches_tracked")).toMatchObject({ dtype: "int64", shape: [] });
  });
});

describe("readPth", () => {
  it("keeps tied weights tied", async () => {
    const state = dict(await readPth(`${folder}tied.pth`));
    expect(state.get("decoder.weight")).toBe(state.get("encoder.weight"));
  });

  it("gives plain values of a training checkpoint", async () => {
    const root = (await readPth(`${folder}training.pth`)) as Map<string, PthValue>;
    expect(root.get("epoch")).toBe(3);
    expect(root.get("loss")).toBe(0.25);
    expect(root.get("names")).toEqual(["a", "b"]);
    expect(root.get("seen")).toEqual(new Set([1, 2]));
    expect(root.get("raw")).toEqual(new Uint8Array([0, 255]));
    expect(root.get("size")).toEqual([2, 3]);
    expect(root.get("dtype")).toBe("float32");
    expect(root.get("big")).toBe(2n ** 60n);
    const optimizer = root.get("optimizer") as Map<string, Map<number, Map<string, PthValue>>>;
    expect(optimizer.get("state")?.get(0)?.get("exp_avg")).toMatchObject({ shape: [1, 2] });
  });

  it("names what it does not support, and refuses whole modules", async () => {
    await expect(readPth(`${folder}sparse.pth`)).rejects.toThrow(/_rebuild_sparse_tensor/);
    await expect(readPth(`${folder}complex.pth`)).rejects.toThrow(UnsupportedError);
    const whole = readPth(`${folder}module.pth`);
    await expect(whole).rejects.toThrow(FormatError);
    await expect(whole).rejects.toThrow(/torch\.nn\.modules\.linear Linear.*state_dict|state_dict.*Linear/);
  });

  it("says which file is missing", async () => {
    await expect(readPth(`${folder}nothing.pth`)).rejects.toThrow(FileError);
    await expect(readPth(`${folder}nothing.pth`)).rejects.toThrow(/nothing\.pth/);
    await expect(readPth(folder)).rejects.toThrow(/not a regular file/);
  });

  it("answers every damaged byte with a typed error or a value, and touches nothing", async () => {
    for (const file of ["views.pth", "legacy.pth"]) {
      const good = await readFile(folder + file);
      for (let i = 0; i < good.length; i++) {
        const bad = new Uint8Array(good);
        bad[i]! ^= 1 << (i % 8);
        await readPth(bad).catch((error) => expect(error).toBeInstanceOf(TenonError));
        if (i % 7 === 0) await expect(readPth(good.subarray(0, i))).rejects.toThrow(FormatError);
      }
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe("a pickle in legacy form", () => {
  const text = (value: string) => [0x58, value.length, 0, 0, 0, ...Buffer.from(value)];
  const global = (module: string, name: string) => [0x63, ...Buffer.from(`${module}\n${name}\n`)];
  const head = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
  const system = [0x7d, ...text("little_endian"), 0x88, 0x73, 0x2e];
  const read = (...object: number[]) =>
    readPth(new Uint8Array([...head, 0x4d, 0xe9, 3, 0x2e, ...system, ...object, 0x2e, 0x5d, 0x2e]));

  it("may hold plain values", async () => {
    expect(await read(0x7d, ...text("a"), 0x4b, 7, 0x73)).toEqual(new Map([["a", 7]]));
  });

  it.each([
    ["a call", [...global("os", "system"), ...text("id"), 0x85, 0x52], /"os system"/],
    ["an inherited name", [...global("constructor", "constructor")], /constructor/],
    ["a class that is only named", [...global("torch", "FloatStorage"), 0x29, 0x52], /not a function/],
    ["state for an object", [0x7d, 0x7d, ...text("x"), 0x88, 0x73, 0x62], /BUILD/],
    ["a list in itself", [0x5d, 0x71, 0, 0x68, 0, 0x61], /containing itself/],
    ["a key twice", [0x7d, ...text("a"), 0x4e, 0x73, ...text("a"), 0x4e, 0x73], /twice/],
    ["a list as a key", [0x7d, 0x5d, 0x4e, 0x73], /key/],
    ["an unknown opcode", [0xff], /0xff/],
    ["too little on the stack", [0x52], /empty/],
  ])("must not hold %s", async (_, object, message) => {
    await expect(read(...(object as number[]))).rejects.toThrow(FormatError);
    await expect(read(...(object as number[]))).rejects.toThrow(message as RegExp);
  });
});
