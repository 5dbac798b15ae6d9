import { FormatError } from "@tenon/numerics";
import { describe, expect, test } from "vitest";
import { type ModelProto, modelSchema } from "./messages.ts";
import { concatenate, decodeMessage, encodeMessage, type MessageSchema } from "./protobuf.ts";

const decode = (...bytes: number[]): ModelProto => decodeMessage("readOnnx", modelSchema, Uint8Array.from(bytes));

const inner: MessageSchema = { name: "Inner", fields: [{ number: 1, name: "inner", kind: () => inner }] };

const everything: MessageSchema = {
  name: "Everything",
  fields: [
    { number: 1, name: "int32", kind: "int32" },
    { number: 2, name: "int64", kind: "int64", repeated: true },
    { number: 3, name: "uint64", kind: "uint64", repeated: true, packed: true },
    { number: 4, name: "size", kind: "size" },
    { number: 5, name: "float", kind: "float", repeated: true, packed: true },
    { number: 6, name: "double", kind: "double" },
    { number: 7, name: "string", kind: "string", repeated: true },
    { number: 8, name: "bytes", kind: "bytes" },
    { number: 9, name: "message", kind: () => inner, repeated: true },
  ],
};

describe("protobuf", () => {
  test("writes every kind of field and reads it back", () => {
    const message = {
      int32: -1,
      int64: [0n, -1n, 2n ** 63n - 1n],
      uint64: [2n ** 64n - 1n],
      size: 2 ** 53 - 1,
      float: [0.5, Number.NEGATIVE_INFINITY],
      double: 0.1,
      string: ["", "Gemüse"],
      bytes: new Uint8Array(10_000).fill(7),
      message: [{}, { inner: { inner: {} } }],
    };
    const bytes = concatenate(encodeMessage(everything, message));
    expect(decodeMessage("test", everything, bytes)).toEqual(message);
    expect(concatenate(encodeMessage(everything, message))).toEqual(bytes);
  });

  test("writes the bytes that protobuf prescribes", () => {
    const model = { irVersion: 8, producerName: "a", opsetImport: [{ domain: "", version: 300 }] };
    expect([...concatenate(encodeMessage(modelSchema, model))]).toEqual([
      0x08, 8, 0x12, 1, 0x61, 0x42, 5, 0x0a, 0, 0x10, 0xac, 0x02,
    ]);
  });

  test("reads packed and unpacked numbers alike, and skips what it does not know", () => {
    const dims = (bytes: number[]) =>
      decode(0x3a, bytes.length + 2, 0x2a, bytes.length, ...bytes).graph!.initializer[0]!.dims;
    expect(dims([0x08, 2, 0x08, 3])).toEqual([2, 3]);
    expect(dims([0x0a, 2, 2, 3])).toEqual([2, 3]);
    expect(decode(0xa0, 0x3f, 1, 0x08, 8).irVersion).toBe(8);
  });

  const damaged: readonly (readonly [string, readonly number[], RegExp])[] = [
    ["a length past the end", [0x3a, 5, 1], /length reaches past the end.*ModelProto\.graph/],
    ["a length of 2^64 - 1", [0x3a, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1], /length reaches past the end/],
    ["a length past its parent", [0x3a, 2, 0x2a, 4, 1, 1, 1, 1], /GraphProto\.initializer/],
    ["a varint of 11 bytes", [0x08, ...new Array(10).fill(128), 1], /invalid varint/],
    ["a varint that ends early", [0x08, 128], /ModelProto\.irVersion/],
    ["field number 0", [0x00, 1], /field no 0/],
    ["wire type 6", [0x0e], /wire type 6/],
    ["a group", [0x0b, 0x0c], /wire type 3/],
    ["the wrong wire type", [0x38, 1], /wire type 0 does not fit/],
    ["a message given twice", [0x3a, 0, 0x3a, 0], /given twice/],
    ["text that is not UTF-8", [0x12, 1, 255], /ModelProto\.producerName/],
    ["a number above 2^53", [0x08, 255, 255, 255, 255, 255, 255, 255, 127], /too large/],
  ];
  test.each(damaged)("refuses %s", (_, bytes, message) => {
    expect(() => decode(...bytes)).toThrow(FormatError);
    expect(() => decode(...bytes)).toThrow(message);
  });

  test("bounds nesting and the number of messages", () => {
    let nested = new Uint8Array();
    for (let i = 0; i < 20; i++) nested = Uint8Array.from([0x0a, nested.length, ...nested]);
    expect(() => decodeMessage("test", inner, nested, { depth: 10 })).toThrow(/nested too deeply/);
    expect(() => decodeMessage("test", inner, nested, { messages: 10 })).toThrow(/too many messages/);
    expect(() => decodeMessage("test", inner, nested)).not.toThrow();
  });
});
