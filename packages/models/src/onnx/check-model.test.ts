import { FormatError, UnsupportedError } from "@tenon/numerics";
import { describe, expect, test } from "vitest";
import { checkModel } from "./check-model.ts";
import {
  type AttributeProto,
  attributeTypes,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from "./messages.ts";
import { encodeTensor } from "./tensor-proto.ts";

const value = (name: string, dims: readonly (number | string)[], elemType = 1): ValueInfoProto => {
  const dim = dims.map((d) => (typeof d === "number" ? { dimValue: d } : { dimParam: d }));
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
};

const attribute = (name: string, content: Partial<AttributeProto>): AttributeProto => ({
  name,
  floats: [],
  ints: [],
  strings: [],
  tensors: [],
  graphs: [],
  ...content,
});

const int = (name: string, i: number) => attribute(name, { i: BigInt(i), type: attributeTypes.int });

const node = (opType: string, input: string[], output: string[], attributes: AttributeProto[] = []): NodeProto => ({
  opType,
  input,
  output,
  name: `/${opType}`,
  attribute: attributes,
});

const floats = (name: string, shape: readonly number[], data: readonly number[]): TensorProto =>
  encodeTensor(name, { shape, dtype: "float32", data: Float32Array.from(data) });
const ints = (name: string, data: readonly number[]): TensorProto =>
  encodeTensor(name, { shape: [data.length], dtype: "int64", data: BigInt64Array.from(data, BigInt) });

/** `y = relu(x) + w`, [n, 2]. */
function model(): ModelProto {
  return {
    irVersion: 10,
    opsetImport: [{ domain: "", version: 21 }],
    metadataProps: [],
    functions: [],
    graph: {
      name: "test",
      node: [node("Relu", ["x"], ["a"]), node("Add", ["a", "w"], ["y"])],
      initializer: [floats("w", [2], [1, 2])],
      input: [value("x", ["n", 2])],
      output: [value("y", ["n", 2])],
      valueInfo: [value("a", ["n", 2])],
      sparseInitializer: [],
    },
  };
}

type Change = (m: ModelProto, graph: NonNullable<ModelProto["graph"]>) => void;

function check(change: Change, sizes?: ReadonlyMap<string, number>): void {
  const m = model();
  change(m, m.graph!);
  checkModel(m, sizes === undefined ? { op: "test" } : { op: "test", sizes });
}

const appended =
  (...nodes: NodeProto[]): Change =>
  (_, graph) => {
    graph.node.push(...nodes);
  };

const withModel =
  (fields: Partial<ModelProto>): Change =>
  (m) => {
    Object.assign(m, fields);
  };

const withWeight =
  (fields: Partial<TensorProto>): Change =>
  (_, graph) => {
    Object.assign(graph.initializer[0]!, fields);
  };

describe("checkModel", () => {
  test("takes a model that is right, at any size", () => {
    expect(() => check(() => {})).not.toThrow();
    expect(() => check(() => {}, new Map([["n", 5]]))).not.toThrow();
  });

  const wrong: readonly (readonly [string, Change, RegExp])[] = [
    ["no graph", (m) => void delete m.graph, /no graph/],
    ["no operator set", withModel({ opsetImport: [] }), /no operator set/],
    ["a domain imported twice", (m) => void m.opsetImport.push({ version: 20 }), /imported twice/],
    ["operator set 0", withModel({ opsetImport: [{ version: 0 }] }), /no such operator set/],
    ["a negative IR version", withModel({ irVersion: -1 }), /no such IR version/],
    ["an input given twice", (_, g) => void g.input.push(value("x", [1])), /input is given twice.*x/],
    ["a negative size", (_, g) => void g.input.splice(0, 1, value("x", [-1, 2])), /size is -1/],
    ["a name defined twice", appended(node("Relu", ["x"], ["a"])), /defined twice.*a/],
    ["an output over an input", appended(node("Relu", ["a"], ["x"])), /defined twice.*x/],
    ["an initializer twice", (_, g) => void g.initializer.push(floats("w", [1], [1])), /defined twice.*w/],
    ["nodes out of order", (_, g) => void g.node.reverse(), /input "a" is not defined before the node.*Add/],
    ["an unknown input", appended(node("Relu", ["q"], ["b"])), /input "q" is not defined/],
    ["an output that nothing makes", (_, g) => void g.output.push(value("z", [1])), /no node makes this output.*z/],
    [
      "a domain that is not imported",
      (_, g) => void Object.assign(g.node[0]!, { domain: "mine" }),
      /domain is not imported/,
    ],
    [
      "an attribute twice",
      appended(node("Softmax", ["x"], ["b"], [int("axis", 0), int("axis", 1)])),
      /axis is given twice/,
    ],
    [
      "an attribute of another type",
      appended(node("Softmax", ["x"], ["b"], [attribute("axis", { f: 1, type: 1 })])),
      /axis is float, not int/,
    ],
    [
      "an attribute that lies",
      appended(node("Softmax", ["x"], ["b"], [attribute("axis", { i: 1n, type: 1 })])),
      /axis holds int and says float/,
    ],
    ["an unknown attribute", appended(node("Relu", ["x"], ["b"], [int("axis", 1)])), /no attribute axis/],
    ["an axis outside", appended(node("Softmax", ["x"], ["b"], [int("axis", 2)])), /axis 2 is outside/],
    ["too many inputs", appended(node("Relu", ["x", "w"], ["b"])), /takes 1 inputs and got 2/],
    ["too few inputs", appended(node("Add", ["x"], ["b"])), /takes 2 inputs and got 1/],
    ["a required input left out", appended(node("Add", ["x", ""], ["b"])), /input 1 cannot be left out/],
    [
      "mixed types",
      (_, g) => {
        g.initializer.push(ints("i", [1, 2]));
        g.node.push(node("Add", ["x", "i"], ["b"]));
      },
      /input 1 is int64 beside float32/,
    ],
    [
      "shapes that do not broadcast",
      (_, g) => {
        g.initializer.push(floats("v", [3], [1, 2, 3]));
        g.node.push(node("Add", ["x", "v"], ["b"]));
      },
      /\[2,2\] and \[3\] do not broadcast/,
    ],
    [
      "two sizes of -1",
      (_, g) => {
        g.initializer.push(ints("i", [-1, -1]));
        g.node.push(node("Reshape", ["x", "i"], ["b"]));
      },
      /only one size can be -1/,
    ],
    [
      "a tensor out of nothing",
      (_, g) => {
        g.initializer.push(ints("i", [2 ** 42, 2]));
        g.node.push(node("Expand", ["x", "i"], ["b"]));
      },
      /do not broadcast|too large/,
    ],
    [
      "a declared shape that is not true",
      (_, g) => void g.valueInfo.splice(0, 1, value("a", ["n", 3])),
      /declared as float32 \[2,3\].*float32 \[2,2\]/,
    ],
    [
      "a declared type that is not true",
      (_, g) => void g.output.splice(0, 1, value("y", ["n", 2], 7)),
      /declared as int64/,
    ],
    ["data that are too short", withWeight({ dims: [3] }), /8 bytes are not 3 elements/],
    ["data given twice", withWeight({ floatData: [1, 2] }), /given twice/],
    ["data in another type's field", withWeight({ int64Data: [1n] }), /do not lie in int64Data/],
    ["a negative dimension of data", withWeight({ dims: [-2] }), /not a shape/],
    ["more elements than numbers can count", withWeight({ dims: [2 ** 30, 2 ** 30] }), /too large/],
    ["an element type that does not exist", withWeight({ dataType: 999 }), /no data type 999/],
    ...["../w", "/w", "a\\w", "c:w", "a/../w", "", "w\0"].map(
      (location) =>
        [
          `weights at ${JSON.stringify(location)}`,
          ((_, g) => {
            g.initializer[0] = {
              ...g.initializer[0]!,
              dataLocation: 1,
              externalData: [{ key: "location", value: location }],
            };
            delete g.initializer[0].rawData;
          }) as Change,
          /must lie in the folder of the model/,
        ] as const,
    ),
  ];
  test.each(wrong)("refuses %s", (_, change, message) => {
    expect(() => check(change)).toThrow(FormatError);
    expect(() => check(change)).toThrow(message);
  });

  test.each(["Rleu", "constructor", "__proto__", ""])("does not know the operator %j", (opType) => {
    expect(() => check(appended(node(opType, ["x"], ["b"])))).toThrow(UnsupportedError);
    expect(() => check(appended(node(opType, ["x"], ["b"])))).toThrow(/no such operator/);
  });

  test("knows in which operator set an operator came", () => {
    const old: Change = (m, g) => {
      m.opsetImport = [{ version: 19 }];
      g.node.push(node("Gelu", ["x"], ["b"]));
    };
    expect(() => check(old)).toThrow(UnsupportedError);
    expect(() => check(old)).toThrow(/opset 19 does not have this operator.*Gelu/);
  });

  test("follows shapes that are computed from shapes", () => {
    const computed: Change = (_, g) => {
      g.initializer.push(ints("three", [3]), ints("one", [1]));
      g.node.push(
        node("Shape", ["x"], ["n"], [int("start", 0), int("end", 1)]),
        node("Concat", ["n", "one", "three"], ["shape"], [int("axis", 0)]),
        node("Unsqueeze", ["x", "one"], ["u"]),
        node("ReduceSum", ["u", "three_axes"], ["s"]),
        node("Expand", ["s", "shape"], ["e"]),
      );
      g.initializer.push(ints("three_axes", [2]));
      g.valueInfo.push(value("e", ["n", 1, 3]));
    };
    expect(() => check(computed)).not.toThrow();
    expect(() => check(computed, new Map([["n", 9]]))).not.toThrow();
  });
});
