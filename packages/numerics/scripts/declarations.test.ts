import { describe, expect, it } from "vitest";
import { checkUnique, instances, parseDeclarations, positions } from "./declarations.ts";
import { familyUnit, tableUnit } from "./generate-cpp.ts";
import { generateTypeScript } from "./generate-typescript.ts";
import type { KernelIds } from "./ids.ts";

const inNamespace = (body: string) => `#include "common/kernel.h"\nnamespace NSP {\n${body}\n}\n`;
const parse = (body: string) => parseDeclarations("sample", inNamespace(body));

function numbering(keys: readonly string[]): KernelIds {
  return { table: "t", size: keys.length, id: (key) => keys.indexOf(key) };
}

describe("declarations of kernels", () => {
  it("are read with types, parameters and place", () => {
    const [kernel] = parse("KERNEL(soft_max, FLOATS, (const T* x, T* y,\n   i64 n, f64 scale, Dims shape)) { }");
    expect(kernel).toMatchObject({
      name: "soft_max",
      method: "softMax",
      returnsValue: false,
      family: "sample",
      line: 3,
    });
    expect(kernel!.parameters.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "pointer x",
      "pointer y",
      "integer n",
      "number scale",
      "dims shape",
    ]);
    expect(positions(kernel!)).toEqual([1, 2, 3, 4, 5]);
    expect(instances(kernel!).map(({ symbol }) => symbol)).toEqual(["soft_max_float32", "soft_max_float64"]);
  });

  it("give every Dims a fixed room in the slot", () => {
    const [kernel] = parse("KERNEL(f, WIDTHS, (Dims a, Dims b, T* y)) {}");
    expect(positions(kernel!)).toEqual([1, 14, 27]);
  });

  it("of functions of one number stand for the function and its gradient", () => {
    const [value, grad, ...others] = parse("UNARY2(soft_plus, beta, threshold) {\n  FORMULA value(V x) {}\n};");
    expect(others).toEqual([]);
    expect([value!.method, grad!.method]).toEqual(["softPlus", "softPlusGrad"]);
    expect(value!.parameters.map(({ name }) => name)).toEqual(["x", "y", "n", "beta", "threshold"]);
    expect(grad!.parameters.map(({ name }) => name)).toEqual(["x", "dy", "dx", "n", "beta", "threshold"]);
    expect(() => parse("UNARY1(elu) {};")).toThrow("UNARY1 takes 1 names after the function's");
  });

  it("of functions of two numbers stand for the function and both gradients", () => {
    const found = parse("BINARY(log_add) {\n  FORMULA value(V a, V b) {}\n};");
    expect(found.map(({ method }) => method)).toEqual(["logAdd", "logAddGradA", "logAddGradB"]);
    expect(found[1]!.parameters.map(({ name }) => name)).toEqual(["a", "b", "dy", "dx", "shape", "sa", "sb"]);
  });

  it("in comments and macros are not kernels", () => {
    expect(
      parse(
        "// KERNEL(a, FLOATS, (T* x)) {}\n/* KERNEL(b, FLOATS, (T* x)) */\n#define C KERNEL(c, \\\n FLOATS, (T* x))\n",
      ),
    ).toEqual([]);
  });

  it("turn into typed methods that write the slot", () => {
    const declarations = parse("KERNEL_VALUE(bad_index, INTS, (const T* in, i64 n)) {}\nKERNEL(tick, NONE, ()) {}");
    const ids = numbering(declarations.flatMap(instances).map(({ key }) => key));
    const text = generateTypeScript(declarations, ids);
    expect(text).toContain("readonly badIndex: { int8(in_: number, n: number): number;");
    expect(text).toContain("s[0] = id; s[1] = in_; s[2] = n; run(); return s[0];");
    expect(text).toContain("tick(): void;");
  });

  it("get another number when their parameters change, so that an old binary is not called wrongly", () => {
    const key = (body: string) => instances(parse(body)[0]!)[0]!.key;
    expect(key("KERNEL(f, F32, (T* x, i64 n)) {}")).not.toBe(key("KERNEL(f, F32, (T* x, f64 n)) {}"));
    expect(key("KERNEL(f, F32, (T* x, i64 n)) {}")).toBe(key("KERNEL(f, F32, (T* renamed, i64 n)) {}"));
  });

  it("turn into entries that are null where a family is missing", () => {
    const declarations = parse("KERNEL(f, F32, (const T* x, u8* scratch, i64 n)) {}");
    const family = { name: "sample", declarations, text: "" };
    expect(familyUnit(family)).toContain(
      "f<f32>(pointer_at<const f32>(base, s[1]), pointer_at<u8>(base, s[2]), static_cast<i64>(s[3]))",
    );
    const ids = numbering(["gone()", ...declarations.flatMap(instances).map(({ key }) => key)]);
    expect(tableUnit("avx2", [family], ids)).toContain("{ nullptr,\navx2::entry_f_float32 }");
  });

  it.each([
    ["KERNEL(gelu, FLOATS) {}", /sample\.cpp:3: write KERNEL\(name, TYPES, \(parameters\)\)/],
    ["KERNEL(Gelu, FLOATS, (T* x)) {}", /"Gelu" is not snake_case/],
    ["KERNEL(gelu, REALS, (T* x)) {}", /unknown types "REALS"; known are FLOATS/],
    ["KERNEL(gelu, FLOATS, (int n)) {}", /parameter "int n" is not understood/],
    ["KERNEL(gelu, FLOATS, (const char* x)) {}", /points to char/],
    ["KERNEL(gelu, NONE, (T* x)) {}", /NONE has no type T/],
    ["KERNEL(gelu, FLOATS, (T* x) { return; }", /sample\.cpp:3/],
  ])("that are malformed say where and what: %s", (body, message) => {
    expect(() => parse(body)).toThrow(message);
  });

  it("must stand in the namespace of the instruction set, and be unique", () => {
    expect(() => parseDeclarations("sample", "KERNEL(f, F32, (T* x)) {}")).toThrow(/namespace NSP/);
    const twice = parse("KERNEL(f, F32, (T* x)) {}\nKERNEL(f, F64, (T* x)) {}");
    expect(() => checkUnique(twice)).toThrow(/sample\.cpp:4: f is declared in kernels\/sample\.cpp:3 already/);
  });
});
