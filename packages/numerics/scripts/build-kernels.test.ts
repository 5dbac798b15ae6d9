import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { execute, findCompiler } from "./compiler.ts";
import { withLock, writeAtomically } from "./files.ts";
import { assignIds } from "./ids.ts";

import { essence, expandIncludes } from "./sources.ts";

const script = fileURLToPath(new URL("./build-kernels.ts", import.meta.url));

function build(
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--import", "tsx", script, ...args], { env: { ...process.env, ...env } });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      err += chunk;
    });
    child.on("close", (code) => resolve({ code, out, err }));
  });
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tenon-build-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the build of the kernels", () => {
  it("without a C++ compiler says so in one line and succeeds", async () => {
    const { code, out, err } = await build(["--native-only"], { CXX: "/no/such/compiler" });
    expect(err).toBe("");
    expect(out.trim().split("\n")).toHaveLength(1);
    expect(out).toContain("no C++ compiler found (CXX=/no/such/compiler); everything runs on WebAssembly");
    expect(code).toBe(0);
  });

  it("does not take a compiler that is not there, or cannot compile the kernels, and says which", async () => {
    expect(await findCompiler("/no/such/compiler")).toBe("no C++ compiler found (CXX=/no/such/compiler)");
    const old = join(folder, "old-c++");
    writeFileSync(old, '#!/bin/sh\n[ "$1" = --version ] && echo "old c++ 4.8"', { mode: 0o755 });
    expect(await findCompiler(old)).toBe("the C++ compiler is too old (old c++ 4.8; GCC 12 or Clang 12 is needed)");
  });

  it("gives no object a symbol that another instruction set's object also has", async () => {
    const objects = fileURLToPath(new URL("../build/native", import.meta.url));
    const names = existsSync(objects) ? readdirSync(objects).filter((file) => /\.(avx2|avx512|neon)\./.test(file)) : [];
    for (const name of names) {
      const { code, output } = await execute("nm", ["-C", join(objects, name)]);
      if (code === null) return;
      // The linker keeps one of several weak symbols of a name: it must not be one that needs a better CPU.
      const weak = output
        .split("\n")
        .filter((line) => / [WVu] /.test(line) && !line.includes(`${name.split(".")[1]}::`));
      expect(weak, name).toEqual([]);
    }
  });

  it("numbers kernels for ever: what is added comes last, what went leaves a hole", () => {
    const file = join(folder, "ids.json");
    const first = assignIds(file, ["b", "a"]);
    expect([first.id("a"), first.id("b"), first.size]).toEqual([0, 1, 2]);
    const second = assignIds(file, ["aa", "b"]);
    expect([second.id("b"), second.id("aa"), second.size, second.table]).toEqual([1, 2, 3, first.table]);
    writeFileSync(file, "{ broken");
    expect(assignIds(file, ["a"]).id("a")).toBe(0);
  });

  it("writes a file whole and leaves an equal one alone", () => {
    const file = join(folder, "deep", "x.txt");
    expect(writeAtomically(file, "one")).toBe(true);
    expect(writeAtomically(file, "one")).toBe(false);
    expect(writeAtomically(file, "two")).toBe(true);
    expect(readFileSync(file, "utf8")).toBe("two");
  });

  it("lets one process at a time into a lock, and breaks the lock of a dead one", async () => {
    const lock = join(folder, "x.lock");
    mkdirSync(lock);
    writeFileSync(join(lock, "pid"), "999999999");
    let inside = 0;
    const enter = () =>
      withLock(lock, async () => {
        expect(++inside).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 5));
        inside--;
      });
    await Promise.all([enter(), enter(), enter()]);
    expect(existsSync(lock)).toBe(false);
  });

  it("expands each header once and keeps line numbers", () => {
    mkdirSync(join(folder, "common"));
    writeFileSync(join(folder, "common", "a.h"), '#pragma once\n#include "b.h"\nA');
    writeFileSync(join(folder, "common", "b.h"), "B");
    writeFileSync(join(folder, "k.cpp"), '#include "common/a.h"\n#include "common/b.h"\nK');
    expect(expandIncludes(folder, "k.cpp").split("\n")).toEqual([
      '#line 1 "kernels/k.cpp"',
      '#line 1 "kernels/common/a.h"',
      "",
      '#line 1 "kernels/common/b.h"',
      "B",
      '#line 3 "kernels/common/a.h"',
      "A",
      '#line 2 "kernels/k.cpp"',
      "",
      '#line 3 "kernels/k.cpp"',
      "K",
    ]);
  });

  it("compiles nothing again for an edited comment, but for anything else", () => {
    const text = '#line 1 "a.cpp"\n// one\nint a; /* two\n */\n\n  const char* s = "//x";\n';
    expect(essence(text)).toBe(essence('#line 9 "a.cpp"\nint a;\nconst char* s = "//x"; // three\n'));
    expect(essence(text)).not.toBe(essence(text.replace("//x", "//y")));
    expect(essence("#define A\nB")).not.toBe(essence("#define A B"));
  });
});
