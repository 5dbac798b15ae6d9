import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ArgumentError,
  add,
  defineOp,
  FileError,
  GraphError,
  matmul,
  mul,
  Parameter,
  permute,
  rand,
  reshape,
  sum,
  type Tensor,
  tensor,
  UnsupportedError,
  unsupported,
  zeros,
} from "@tenon/numerics";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Module } from "../module.ts";
import { checkOnnx } from "./check.ts";
import { exportOnnx } from "./export.ts";
import { type ModelProto, modelSchema } from "./messages.ts";
import { decodeMessage } from "./protobuf.ts";
import { verifyOnnx } from "./verify.ts";

class Scale extends Module {
  weight = new Parameter([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  shift: Tensor;
  constructor(shift: number) {
    super();
    this.shift = tensor([shift, shift, shift]);
  }
  forward(x: Tensor): Tensor {
    if (this.training) throw new Error("exported in training mode");
    return add(matmul(x, this.weight), this.shift);
  }
}

class Net extends Module {
  first = new Scale(1);
  second = new Scale(2);
  forward(x: Tensor): Tensor {
    const h = this.first(x); // [n, 3]
    return mul(this.second(reshape(h, [-1, 2])), 0.5);
  }
}

const read = (bytes: Uint8Array): ModelProto => decodeMessage("test", modelSchema, bytes);
const input = () => zeros([2, 2]);
const batch = { input: { 0: "batch" } };

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tenon-onnx-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("exportOnnx", () => {
  test("names weights by their state-dict keys and nodes by the modules that made them", async () => {
    const { graph } = read(await exportOnnx(new Net(), [input()]));
    expect(graph!.name).toBe("Net");
    expect(graph!.initializer.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["first.weight", "first.shift", "second.weight", "second.shift"]),
    );
    expect(graph!.node.map(({ name }) => name)).toEqual([
      "/first/MatMul",
      "/first/Add",
      "/Reshape",
      "/second/MatMul",
      "/second/Add",
      "/Mul",
    ]);
    expect(graph!.input.map(({ name }) => name)).toEqual(["input"]);
    expect(graph!.output.map(({ name }) => name)).toEqual(["output"]);
    expect(graph!.valueInfo.length).toBe(graph!.node.length - 1);
  });

  test("evaluates, and puts each module back into its mode", async () => {
    const net = new Net();
    net.second.eval();
    await exportOnnx(net, [input()]);
    expect([net.training, net.first.training, net.second.training]).toEqual([true, true, false]);
    expect(Object.keys(net)).not.toContain("forward");
  });

  test("gives the same bytes every time", async () => {
    const net = new Net();
    expect(await exportOnnx(net, [input()])).toEqual(await exportOnnx(net, [input()]));
  });

  test.each([17, 18, 20, 21, 23])("agrees with Tenon in operator set %i", async (opset) => {
    const net = new Net();
    const bytes = await exportOnnx(net, [input()], { opset, dynamicAxes: batch });
    expect(read(bytes).opsetImport).toEqual([{ domain: "", version: opset }]);
    await checkOnnx(bytes);
    const result = await verifyOnnx(bytes, net, { batchSizes: [2, 6, 64] });
    expect(result.ok).toBe(true);
    expect(result.comparisons.map(({ sizes }) => sizes.batch)).toEqual([2, 6, 64]);
    expect(String(result)).toMatch(/agree on bytes \(allowed: 1e-5 times .*\)\n {2}batch 2 /);
  });

  test("says when the file and the model differ", async () => {
    const bytes = await exportOnnx(new Net(), [input()]);
    const other = new Net();
    other.first.shift = tensor([1, 1, 1.5]);
    const result = await verifyOnnx(bytes, other);
    expect(result.ok).toBe(false);
    expect(String(result)).toMatch(/DIFFER/);
  });

  test("takes several inputs and outputs, of any type, under given names", async () => {
    const fn = (a: Tensor, i: Tensor) => ({ sum: add(a, 1), same: a, index: add(i, 2), again: a });
    const bytes = await exportOnnx(fn, [zeros([2, 2]), zeros([3], { dtype: "int64" })], { inputNames: ["a", "i"] });
    expect(read(bytes).graph!.output.map(({ name }) => name)).toEqual(["sum", "same", "index", "again"]);
    expect((await verifyOnnx(bytes, fn)).ok).toBe(true);
  });

  test("reads a path's folder only through complete files", async () => {
    const path = join(folder, "net.onnx");
    const bytes = await exportOnnx(new Net(), [input()], { path });
    expect(new Uint8Array(readFileSync(path))).toEqual(bytes);
    expect(readdirSync(folder)).toEqual(["net.onnx"]);
    await expect(exportOnnx(new Net(), [input()], { path: join(folder, "none", "net.onnx") })).rejects.toThrow(
      FileError,
    );
  });

  test("writes weights beside the model on request, where onnxruntime finds them", async () => {
    const path = join(folder, "external.onnx");
    class Large extends Module {
      weight = new Parameter(rand([64, 8]));
      forward(x: Tensor): Tensor {
        return matmul(x, this.weight);
      }
    }
    const net = new Large();
    await exportOnnx(net, [zeros([1, 64])], { path, externalData: true });
    expect(existsSync(`${path}.data`)).toBe(true);
    await checkOnnx(path);
    expect((await verifyOnnx(path, net)).ok).toBe(true);
    await expect(exportOnnx(net, [zeros([1, 64])], { externalData: true })).rejects.toThrow(/need a path/);
  });

  test("keeps metadata", async () => {
    const bytes = await exportOnnx(new Net(), [input()], { metadata: { task: "test", classes: "a,b" } });
    expect(read(bytes).metadataProps).toEqual([
      { key: "classes", value: "a,b" },
      { key: "task", value: "test" },
    ]);
  });

  test("names an operation without ONNX form, its module and the way out", async () => {
    const odd = defineOp({
      name: "odd",
      shape: ([x]) => x!,
      forward: (_k, [x]) => x!,
      gradient: () => [],
      onnx: unsupported("nobody wrote it"),
    });
    class Odd extends Module {
      inner = new (class Inner extends Module {
        forward = (x: Tensor) => odd(x);
      })();
      forward(x: Tensor): Tensor {
        return this.inner(x);
      }
    }
    const exported = exportOnnx(new Odd(), [input()]);
    await expect(exported).rejects.toThrow(UnsupportedError);
    await expect(exported).rejects.toThrow(
      /odd has no ONNX form: nobody wrote it\. Received odd in inner\..*`onnx` member/,
    );
  });

  test("refuses a lowering that is not what the operation gives, or not ONNX", async () => {
    const wrong = (onnx: Parameters<typeof defineOp>[0] extends never ? never : Lower) =>
      defineOp({ name: "wrong", shape: ([x]) => x!, forward: (_k, [x]) => x!, gradient: () => [], onnx });
    type Lower = import("@tenon/numerics").Lowering<object>;
    const run = (onnx: Lower) => exportOnnx((x) => wrong(onnx)(x), [input()]);
    await expect(run((g, [x]) => g.node("ReduceSum", [x!]))).rejects.toThrow(
      /ONNX form of wrong is wrong: output 0 is \[1,1\]/,
    );
    await expect(run((g, [x]) => g.node("Relu", [x!], { alpha: 1 }))).rejects.toThrow(
      /Relu does not fit: it has no attribute alpha/,
    );
    await expect(run((g, [x]) => g.node("Rleu", [x!]))).rejects.toThrow(/not an operator that Tenon knows/);
    await expect(run((g, [x]) => g.node("Add", [x!, g.ints([1])]))).rejects.toThrow(/input 1 is int64 beside float32/);
  });

  test("refuses what a graph cannot hold", async () => {
    const run = (fn: (x: Tensor) => unknown) => exportOnnx(fn as never, [input()]);
    await expect(run((x) => (sum(x).item() === 0 ? x : add(x, 1)))).rejects.toThrow(
      /value of a tensor that depends on the inputs was read/,
    );
    await expect(run(async (x) => x)).rejects.toThrow(/synchronous/);
    await expect(run(() => 3)).rejects.toThrow(/did not return tensors/);
    await expect(run((x) => add(x, rand([2])))).rejects.toThrow(/add uses a float32 constant \[2\].*two runs.*frozen/);
  });

  test("checks its options", async () => {
    const run = (options: object) => exportOnnx(new Net(), [input()], options);
    await expect(run({ opset: 30 })).rejects.toThrow(ArgumentError);
    await expect(run({ inputNames: ["a", "b"] })).rejects.toThrow(/one name for each/);
    await expect(run({ inputNames: ["output"] })).rejects.toThrow(/same name/);
    await expect(run({ dynamicAxes: { input: { 5: "n" } } })).rejects.toThrow(/axis 5 of input input \[2,2\]/);
    await expect(run({ dynamicAxes: { inputs: { 0: "n" } } })).rejects.toThrow(/no input or output/);
  });
});

describe("dynamic axes", () => {
  const check = async (
    fn: (x: Tensor) => Tensor,
    shape: number[],
    axes: Record<number, string>,
    sizes: Record<string, number>[],
  ) => {
    const bytes = await exportOnnx(fn, [rand(shape)], { dynamicAxes: { input: axes } });
    for (const { batch: n = 1, ...others } of sizes) {
      const result = await verifyOnnx(bytes, fn, { batchSizes: [n], sizes: others });
      expect(result.maxAbsoluteDifference, JSON.stringify({ n, ...others })).toBeLessThan(1e-6);
    }
    return read(bytes).graph!;
  };

  test("writes -1 for the one size of a Reshape that varies", async () => {
    const graph = await check((x) => reshape(x, [x.shape[0]!, 6]), [2, 2, 3], { 0: "batch" }, [
      { batch: 1 },
      { batch: 5 },
    ]);
    expect(graph.node.map(({ opType }) => opType)).toEqual(["Reshape"]);
    expect(graph.output[0]!.type!.tensorType!.shape!.dim).toEqual([{ dimParam: "batch" }, { dimValue: 6 }]);
  });

  test("computes sizes that are sums and products of several", async () => {
    const heads = (x: Tensor) => {
      const [n, t] = x.shape as [number, number, number];
      const split = permute(reshape(x, [n, t, 2, 3]), [0, 2, 1, 3]);
      return reshape(split, [n * 2, t, 3]);
    };
    const graph = await check(heads, [2, 8, 6], { 0: "batch", 1: "time" }, [
      { batch: 1, time: 1 },
      { batch: 3, time: 11 },
    ]);
    expect(graph.node.map(({ opType }) => opType)).toContain("Shape");
    expect(graph.output[0]!.type!.tensorType!.shape!.dim[1]).toEqual({ dimParam: "time" });
  });

  test("makes constants of one value whose shape varies", async () => {
    const pad = (x: Tensor) => add(x, zeros([x.shape[0]!, 3]));
    await check(pad, [2, 3], { 0: "batch" }, [{ batch: 1 }, { batch: 9 }]);
  });

  test("does not confuse a fixed size with a dynamic one that is equal", async () => {
    const graph = await check((x) => reshape(add(x, zeros([2])), [x.shape[0]! * 2]), [2, 2], { 0: "batch" }, [
      { batch: 7 },
    ]);
    expect(graph.output[0]!.type!.tensorType!.shape!.dim).toEqual([{ dimParam: "output_dim0" }]);
  });

  test("refuses values that depend on a size, and ways that do", async () => {
    const run = (fn: (x: Tensor) => Tensor) => exportOnnx(fn, [rand([2, 3])], { dynamicAxes: batch });
    const mean = run((x) => mul(sum(x, 0), 1 / x.shape[0]!));
    await expect(mean).rejects.toThrow(UnsupportedError);
    await expect(mean).rejects.toThrow(/mul uses a float32 constant.*batch 2 and batch 4.*mean\(\)/);
    await expect(run((x) => add(x, rand([3])))).rejects.toThrow(/Random numbers/);
    const branch = run((x) => (x.shape[0]! > 2 ? add(x, 1) : mul(x, 2)));
    await expect(branch).rejects.toThrow(GraphError);
    await expect(branch).rejects.toThrow(/another way at other sizes.*at batch 2 Mul.*at batch 4 Add/);
  });

  test("says where a model fails at a size that export chose", async () => {
    const fixed = (x: Tensor) => reshape(x, [6]);
    await expect(exportOnnx(fixed, [rand([2, 3])], { dynamicAxes: batch })).rejects.toThrow(
      /the model fails at batch 4: reshape/,
    );
  });
});
