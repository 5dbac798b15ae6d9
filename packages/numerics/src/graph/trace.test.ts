import { describe, expect, test } from "vitest";
import { tensor, zeros } from "../create.ts";
import { GraphError } from "../errors.ts";
import { memory } from "../memory.ts";
import { add, add_ } from "../ops/add.ts";
import { mul } from "../ops/mul.ts";
import { reshape } from "../ops/reshape.ts";
import { Parameter } from "../parameter.ts";
import { runtime } from "../runtime.ts";
import type { Tensor } from "../tensor.ts";
import type { Graph } from "./graph.ts";
import { trace } from "./trace.ts";

const names = (graph: Graph) => graph.nodes.map(({ op }) => op.name);

describe("trace", () => {
  test("records operations with what they read and made, in order", () => {
    const graph = trace((x: Tensor) => add(mul(x, x), 1), [tensor([1, 2])]);
    expect(names(graph)).toEqual(["mul", "add"]);
    const [product, sum] = graph.nodes;
    expect(product!.inputs).toEqual([graph.inputs[0], graph.inputs[0]]);
    expect(sum!.inputs[0]).toBe(product!.outputs[0]);
    expect(graph.outputs).toEqual([{ name: "output", value: sum!.outputs[0] }]);
    expect(graph.constants.map(({ data }) => [...data])).toEqual([[1]]);
  });

  test("leaves out what no output depends on", () => {
    const unused = new Parameter([1, 2]);
    const fn = (x: Tensor) => {
      mul(x, unused);
      return add(x, x);
    };
    const graph = trace(fn, [tensor([1, 2])], {
      parameters: [["unused", unused]],
    });
    expect(names(graph)).toEqual(["add"]);
    expect(graph.parameters).toEqual([]);
  });

  test("knows parameters by name and the module that ran", () => {
    const weight = new Parameter([2, 2]);
    const inner = { forward: (x: Tensor) => mul(x, weight) };
    const outer = { forward: (x: Tensor) => add(inner.forward(x), x) };
    const graph = trace((x: Tensor) => outer.forward(x), [tensor([1, 2])], {
      parameters: [["inner.weight", weight]],
      modules: [
        ["", outer],
        ["inner", inner],
      ],
    });
    expect(graph.parameters.map(({ name, tensor: t }) => [name, t === weight])).toEqual([["inner.weight", true]]);
    expect(graph.nodes.map(({ module }) => module)).toEqual(["inner", ""]);
    expect(Object.getOwnPropertyDescriptor(inner, "forward")!.enumerable).toBe(true);
  });

  test("takes the same tensor twice as two inputs, and lists and objects as outputs", () => {
    const x = tensor([1]);
    const graph = trace((a: Tensor, b: Tensor) => [add(a, b), b], [x, x]);
    expect(graph.inputs.length).toBe(2);
    expect(graph.outputs.map(({ name }) => name)).toEqual(["output0", "output1"]);
    expect(graph.outputs[1]!.value).toBe(graph.inputs[1]);
    expect(trace((a: Tensor) => ({ left: a, right: add(a, 1) }), [x]).outputs.map(({ name }) => name)).toEqual([
      "left",
      "right",
    ]);
  });

  test("turns changes in place into new values", () => {
    const graph = trace(
      (x: Tensor) => {
        const sum = zeros([2]);
        add_(sum, x);
        return add_(sum, x);
      },
      [tensor([1, 2])],
    );
    expect(graph.constants.map(({ data }) => [...data])).toEqual([[0, 0]]);
    expect(graph.nodes[1]!.inputs[0]).toBe(graph.nodes[0]!.outputs[0]);
  });

  test("refuses what a graph cannot hold, and leaves nothing behind", () => {
    const x = tensor([1, 2]);
    const state = new Parameter([1, 2], { requiresGrad: false });
    const refused = (fn: (x: Tensor) => unknown, message: RegExp) => {
      const run = () => trace(fn, [x], { parameters: [["state", state]] });
      expect(run).toThrow(GraphError);
      expect(run).toThrow(message);
    };
    refused(
      (y) => ((y.data()[0] as number) > 0 ? y : add(y, 1)),
      /value of a tensor that depends on the inputs was read/,
    );
    refused((y) => add_(state, y), /state of the model was changed in place.*state.*eval\(\)/);
    refused((y) => {
      const view = reshape(y, [2, 1]);
      add_(y, 1);
      return view;
    }, /tensor with views was changed in place/);
    refused(async (y) => y, /synchronous/);
    refused(() => 1, /did not return tensors/);
    expect(runtime.tracer).toBeNull();
    expect(
      trace((y: Tensor) => mul(y, tensor([3]).item() as number), [x]).constants.map(({ data }) => [...data]),
    ).toEqual([[3]]);
  });

  test("frees all tensors that it made", () => {
    const x = tensor([1, 2]);
    const before = memory().live;
    trace((y: Tensor) => add(mul(y, 2), zeros([2])), [x]);
    expect(memory().live).toBe(before);
  });
});
