import { mkdtempSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  add,
  FileError,
  FormatError,
  manualSeed,
  mul,
  noGrad,
  rand,
  relu,
  reshape,
  slice,
  sum,
  type Tensor,
  tensor,
  UnsupportedError,
} from "@tenon/numerics";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Linear } from "../../layers/linear.ts";
import { Module } from "../../module.ts";
import { checkOnnx } from "../check.ts";
import { exportOnnx } from "../export.ts";
import { modelSchema } from "../messages.ts";
import { concatenate, decodeMessage, encodeMessage } from "../protobuf.ts";
import { importOnnx } from "./import-onnx.ts";

class Net extends Module {
  hidden = new Linear(4, 8);
  out = new Linear(8, 3);
  forward(x: Tensor): Tensor {
    return this.out(relu(this.hidden(x)));
  }
}

let folder = "";
beforeAll(() => {
  manualSeed(0);
  folder = mkdtempSync(join(tmpdir(), "tenon-import-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

// Written by tools/fixtures/onnx.py with PyTorch 1.13.
const fixtures = fileURLToPath(new URL("../../../fixtures/onnx/", import.meta.url));

interface Recorded {
  readonly input: readonly number[];
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int64";
  readonly outputs: readonly (readonly number[])[];
}

describe("importOnnx", () => {
  test.each(["convolutional", "attention"])("runs what PyTorch exported (%s) at another batch size", async (name) => {
    const recorded = JSON.parse(readFileSync(join(fixtures, `${name}.json`), "utf8")) as Recorded;
    const { input, shape, dtype, outputs } = recorded;
    await checkOnnx(join(fixtures, `${name}.onnx`));
    const model = (await importOnnx(join(fixtures, `${name}.onnx`))).eval();
    const got = [noGrad(() => model(tensor(input, { shape, dtype })))].flat();
    expect(got.length).toBe(outputs.length);
    got.forEach((y, i) => {
      const values = Array.from(y.data() as Float32Array, Number);
      for (const [k, value] of values.entries()) expect(value).toBeCloseTo(outputs[i]![k]!, 5);
    });
  });

  test("gives a module with the names and the results of the one exported", async () => {
    const net = new Net();
    const back = await importOnnx(await exportOnnx(net, [rand([2, 4])], { dynamicAxes: { input: { 0: "batch" } } }));
    expect([...back.stateDict().keys()].sort()).toEqual([...net.stateDict().keys()].sort());
    expect([back.inputNames, back.outputNames]).toEqual([["input"], ["output"]]);
    expect(String(back)).toBe("OnnxModel(input -> output, 3 nodes)");
    expect(() => back.to("float64")).toThrow(/keeps its element types/);
    const x = rand([7, 4]);
    expect(noGrad(() => (back(x) as Tensor).toArray())).toEqual(noGrad(() => net(x).toArray()));
  });

  test("trains, and is exported again as it came", async () => {
    const bytes = await exportOnnx(new Net(), [rand([2, 4])]);
    const back = await importOnnx(bytes);
    sum(back(rand([2, 4])) as Tensor).backward();
    expect(back.parameters().every(({ grad }) => grad !== null)).toBe(true);
    const again = await importOnnx(await exportOnnx(back, [rand([2, 4])]));
    const x = rand([2, 4]);
    expect((again(x) as Tensor).toArray()).toEqual((back(x) as Tensor).toArray());
  });

  test("keeps dynamic sizes and several inputs and outputs", async () => {
    const fn = (a: Tensor, b: Tensor) => [reshape(add(a, b), [a.shape[0]! * 2, 2]), slice(b, 0, { start: 1, end: 3 })];
    const dynamicAxes = { input0: { 0: "n" }, input1: { 0: "n" } };
    const back = await importOnnx(await exportOnnx(fn, [rand([3, 4]), rand([3, 4])], { dynamicAxes }));
    const [a, b] = [rand([5, 4]), rand([5, 4])];
    expect((back(a, b) as Tensor[]).map((y) => y.toArray())).toEqual(fn(a, b).map((y) => y.toArray()));
    expect(() => back(a)).toThrow(/number of inputs differs.*input0, input1/);
  });

  test("reads weights beside the model, and says if they are cut or missing", async () => {
    const path = join(folder, "net.onnx");
    const net = new (class extends Module {
      table = new Linear(64, 64);
      forward = (x: Tensor) => this.table(x);
    })();
    await exportOnnx(net, [rand([1, 64])], { path, externalData: true });
    const x = rand([1, 64]);
    expect(((await importOnnx(path))(x) as Tensor).toArray()).toEqual(net(x).toArray());
    truncateSync(`${path}.data`, 100);
    await expect(importOnnx(path)).rejects.toThrow(FormatError);
    rmSync(`${path}.data`);
    await expect(importOnnx(path)).rejects.toThrow(/second file cannot be read.*net\.onnx\.data/);
    await expect(importOnnx(join(folder, "none.onnx"))).rejects.toThrow(FileError);
  });

  test("names what it cannot run, and refuses what is broken", async () => {
    const bytes = await exportOnnx((x: Tensor) => mul(x, tensor([2, 3])), [rand([2])]);
    const changed = (opType: string) => {
      const model = decodeMessage<{ graph: { node: { opType: string }[] } }>("test", modelSchema, bytes);
      model.graph.node[0]!.opType = opType;
      return importOnnx(concatenate(encodeMessage(modelSchema, model)));
    };
    await expect(changed("Einsum")).rejects.toThrow(UnsupportedError);
    await expect(changed("Einsum")).rejects.toThrow(/does not run the operator Einsum.*\/Mul/);
    await expect(changed("__proto__")).rejects.toThrow(UnsupportedError);
    await expect(changed("MatMul")).rejects.toThrow(/MatMul|declared/);
    await expect(importOnnx(bytes.subarray(0, bytes.length - 3))).rejects.toThrow(FormatError);
  });
});
