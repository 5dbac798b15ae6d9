import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { binaryUrl } from "./binaries.ts";

const here = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
const hasNative = existsSync(fileURLToPath(binaryUrl("tenon.node")));
const backends = hasNative ? ["native", "wasm"] : ["wasm"];

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program on the sources in a process of its own; killed after 30 s, which then shows as a signal. */
function run(program: string, env: Record<string, string> = {}, nodeArgs: readonly string[] = []): Promise<Ended> {
  const text = `import { startEngine } from ${here("./start.ts")};\n${program}`;
  const args = [...nodeArgs, "--import", "tsx", "--conditions=@tenon/source", "--input-type=module", "-e", text];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, TENON_BACKEND: "", ...env },
      timeout: 30_000,
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      err += chunk;
    });
    child.on("close", (code, signal) => resolve({ code, signal, out: out.trim(), err }));
  });
}

/** Transposes, copies and converts arrays of many sizes, most of them in parallel, and prints a hash of all results. */
const STRESS = `
const { kernels: k, heap, threads } = startEngine();
const hash = process.getBuiltinModule("node:crypto").createHash("sha256");
let state = 1;
const random = (n) => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff, (state >> 8) % n);
for (let i = 0; i < 300; i++) {
  const [rows, cols] = [1 + random(900), 1 + random(900)];
  const n = rows * cols;
  const [a, b, c] = [heap.alloc(n * 4), heap.alloc(n * 4), heap.alloc(n * 8)];
  const x = heap.view("float32", a, n);
  for (let j = 0; j < n; j++) x[j] = (j % 1009) - 504.25;
  k.copyStrided[4](a, b, [cols, rows], [1, cols], [rows, 1]);
  k.castToInt64.float32(b, c, n);
  const y = heap.view("int64", c, n);
  const at = random(n);
  const source = (at % rows) * cols + Math.floor(at / rows);
  if (y[at] !== BigInt(Math.trunc(heap.view("float32", a, n)[source]))) throw new Error("wrong element");
  hash.update(new Uint8Array(heap.view("uint8", c, n * 8)));
  for (const [block, bytes] of [[a, n * 4], [b, n * 4], [c, n * 8]]) heap.free(block, bytes);
}
console.log(threads, hash.digest("hex"));
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tenon-engine-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the engine", () => {
  it("gives the same bits on both backends for any number of threads, and ends by itself", async () => {
    const configurations = backends.flatMap((backend) => ["1", "2", "5"].map((threads) => ({ backend, threads })));
    const hashes = new Set<string>();
    for (const { backend, threads } of configurations) {
      const { code, out, err } = await run(STRESS, { TENON_BACKEND: backend, TENON_THREADS: threads });
      expect(err).toBe("");
      expect(code).toBe(0);
      const [used, hash] = out.split(" ");
      expect(used).toBe(threads);
      hashes.add(hash!);
    }
    expect(hashes.size).toBe(1);
  }, 240_000);

  it.each(backends)("exits at once on %s while its threads wait or work", async (backend) => {
    const work = `const { kernels: k, heap } = startEngine();
      const p = heap.alloc(2 ** 24); for (let i = 0; i < 5; i++) k.fill[4](p, 2 ** 22, i, 0);`;
    const start = performance.now();
    for (const end of [
      "process.exit(7)",
      "process.exitCode = 7",
      "process.on('exit', () => k.fill[4](p, 2 ** 22, 1, 0)); process.exitCode = 7",
    ]) {
      const { code, signal } = await run(`${work} ${end}`, { TENON_BACKEND: backend, TENON_THREADS: "4" });
      expect([code, signal]).toEqual([7, null]);
    }
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it.each(backends)("runs in several JavaScript threads of one process at once on %s", async (backend) => {
    const contents = `import { startEngine } from "./start.ts";
      const { kernels: k, heap } = startEngine();
      const n = 2 ** 20;
      const [a, b] = [heap.alloc(n * 4), heap.alloc(n * 4)];
      let sum = 0;
      for (let i = 0; i < 50; i++) {
        k.fill[4](a, n, i, 0);
        k.copyStrided[4](a, b, [1024, 1024], [1, 1024], [1024, 1]);
        sum += heap.view("int32", b, n)[(i * 7919) % n];
      }
      console.log(sum);`;
    // Bundled, because a worker cannot load TypeScript on Node 20.
    const outfile = join(folder, "several.mjs");
    await build({
      stdin: { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
      bundle: true,
      format: "esm",
      platform: "neutral",
      outfile,
      define: { "import.meta.url": here("./binaries.ts") },
    });
    const program = `const url = new URL(${JSON.stringify(pathToFileURL(outfile).href)});
      const { Worker } = process.getBuiltinModule("node:worker_threads");
      const ended = (worker) => new Promise((resolve, reject) => worker.on("exit", resolve).on("error", reject));
      const workers = [0, 1].map(() => ended(new Worker(url, { execArgv: [] })));
      await import(url.href);
      await Promise.all(workers);`;
    const { out, err } = await run(program, { TENON_BACKEND: backend, TENON_THREADS: "2" });
    expect(err).toBe("");
    expect(out.split("\n")).toEqual(["1225", "1225", "1225"]);
  });

  it("keeps data and slot while WebAssembly's memory grows by odd sizes, shared or not", async () => {
    const program = `
      import { makeImports, startWasm } from ${here("./wasm.ts")};
      import { binaryUrl } from ${here("./binaries.ts")};
      import { readFileSync } from "node:fs";
      for (const file of ["tenon-strict.wasm", "tenon-strict-single.wasm"]) {
        const options = { file, threads: 1, mayWait: true, startWorkers() {}, reason: "test" };
        const module = new WebAssembly.Module(readFileSync(binaryUrl(file)));
        const made = makeImports(options, module);
        const { kernels: k, heap } = startWasm(new WebAssembly.Instance(module, made.imports), made, options);
        const kept = [];
        for (let i = 1; i < 60; i++) {
          const n = 1 + ((i * 70_001) % 1_000_003);
          const p = heap.alloc(n);
          k.fill[1](p, n, i, 0);
          kept.push([p, n, i]);
        }
        const right = kept.every(([p, n, i]) => { const v = heap.view("uint8", p, n); return v[0] === i && v[n - 1] === i; });
        console.log(file, right, made.memory.buffer.byteLength > 20_000_000);
      }`;
    const { out, err } = await run(program);
    expect(err).toBe("");
    expect(out).toBe("tenon-strict.wasm true true\ntenon-strict-single.wasm true true");
  });

  it.skipIf(!hasNative)("reaches memory beyond 4 GiB on native", async () => {
    const program = `const { kernels: k, heap } = startEngine();
      const block = heap.alloc(2 ** 32);
      const p = block + 2 ** 32 - 4000;
      k.fill[4](p, 1000, 42, 0);
      console.log(block >= 2 ** 32, heap.view("int32", p, 1000)[999]);`;
    expect(await run(program, { TENON_BACKEND: "native" })).toMatchObject({ out: "true 42", err: "" });
  });

  it.skipIf(!hasNative)("works on a buffer of JavaScript's own where the host refuses external ones", async () => {
    const program = `
      import { loadAddon, startNative } from ${here("./native.ts")};
      const real = loadAddon();
      const addon = { table: real.table, start: (...args) => ({ ...real.start(...args), segment: () => undefined }) };
      const { kernels: k, heap } = startNative(addon, { backend: null, threads: 2, isa: "" }, "test");
      const p = heap.alloc(2 ** 26);
      k.fill[4](p, 2 ** 24, 42, 0);
      console.log(heap.view("int32", p, 2 ** 24)[2 ** 24 - 1]);`;
    expect(await run(program)).toMatchObject({ out: "42", err: "" });
  });

  it("refuses more memory than there is with a typed error, and goes on", async () => {
    const program = `const { kernels: k, heap } = startEngine();
      try { heap.alloc(2 ** 46 / 1024 - 2 ** 20); console.log("given"); } catch (error) { console.log(error.name, error.code); }
      const p = heap.alloc(64); k.fill[1](p, 1, 9, 0); console.log(heap.view("uint8", p, 1)[0]);`;
    for (const backend of backends) {
      const { out } = await run(program, { TENON_BACKEND: backend });
      expect(out).toBe("OutOfMemoryError OUT_OF_MEMORY\n9");
    }
  });

  it("says why it took a backend and what would be faster", async () => {
    const program =
      "const { backend, isa, reason, faster } = startEngine(); console.log(JSON.stringify({ backend, isa, reason, faster }));";
    const wasm = JSON.parse((await run(program, { TENON_BACKEND: "wasm" })).out);
    expect(wasm).toMatchObject({ backend: "wasm", reason: "TENON_BACKEND=wasm" });
    if (wasm.isa === "simd128") expect(wasm.faster).toContain("native");
    if (!hasNative) return;
    expect(JSON.parse((await run(program)).out)).toMatchObject({ backend: "native", reason: "the native addon loads" });
    const baseline = process.arch === "x64" ? "baseline" : "neon";
    expect(JSON.parse((await run(program, { TENON_ISA: baseline })).out)).toMatchObject({ isa: baseline });
  });

  it("uses relaxed SIMD exactly where the host compiles it", async () => {
    const program = "console.log(startEngine().isa);";
    const env = { TENON_BACKEND: "wasm" };
    const plain = await run(program, env);
    const opted =
      Number(process.versions.node.split(".")[0]) < 22
        ? await run(program, env, ["--experimental-wasm-relaxed-simd"])
        : plain;
    expect(opted.out).toBe("relaxed-simd");
    expect(["simd128", "relaxed-simd"]).toContain(plain.out);
  });

  it.each([
    [{ TENON_BACKEND: "gpu" }, 'TENON_BACKEND: there is no such backend. Received "gpu". Expected "native" or "wasm".'],
    [
      { TENON_THREADS: "0" },
      'TENON_THREADS: the number of threads cannot be used. Received "0". Expected an integer from 1 to 64.',
    ],
    [{ TENON_THREADS: "many" }, 'Received "many"'],
  ])("refuses settings that mean nothing: %j", async (env, message) => {
    const { out } = await run("try { startEngine(); } catch (error) { console.log(error.message); }", env);
    expect(out).toContain(message);
  });
});
