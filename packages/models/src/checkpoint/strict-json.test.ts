import { FormatError } from "@tenon/numerics";
import { describe, expect, it } from "vitest";
import { parseStrictJson } from "./strict-json.ts";

const parse = (text: string) =>
  parseStrictJson(text, (rule, place) => new FormatError({ op: "test", rule, received: place }));

describe("parseStrictJson", () => {
  it("gives Maps, and bigints for integers", () => {
    const value = parse(' {"a": [1, -2, 1.5, 2e0, "x\\u0041\\n", true, null], "__proto__": {}} ');
    expect(value).toEqual(
      new Map<string, unknown>([
        ["a", [1n, -2n, 1.5, 2, "xA\n", true, null]],
        ["__proto__", new Map()],
      ]),
    );
  });

  it.each([
    "",
    "{",
    "[1,]",
    "{'a':1}",
    '{"a":1,}',
    "01",
    "1 2",
    '"\\x"',
    '"a\nb"',
    "NaN",
    '{"a":1,"a":2}',
    "9".repeat(30),
  ])("refuses %s", (text) => {
    expect(() => parse(text)).toThrow(FormatError);
  });
});
