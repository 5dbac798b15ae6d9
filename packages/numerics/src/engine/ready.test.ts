import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";

const here = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);

/** Node made to look like a browser: no modules of Node's own to be had, files by fetch. */
function browser(isolated: boolean, program: string): string {
  const text = `
    import { readFileSync } from "node:fs";
    globalThis.fetch = async (url) => ({ arrayBuffer: async () => readFileSync(url).buffer });
    globalThis.crossOriginIsolated = ${isolated};
    globalThis.document = {};
    // Workers that never start: the page's own thread then does all the work, without ever blocking.
    globalThis.Worker = class { postMessage() {} };
    process.getBuiltinModule = undefined;
    const { engine } = await import(${here("../runtime.ts")});
    const { ready } = await import(${here("./ready.ts")});
    const { backend } = await import(${here("./backend.ts")});
    ${program}`;
  const args = ["--import", "tsx", "--conditions=@tenon/source", "--input-type=module", "-e", text];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 30_000 });
  expect(stderr).toBe("");
  return stdout.trim();
}

const USE = `
  await Promise.all([ready(), ready()]);
  const { kernels: k, heap } = engine();
  const n = 2 ** 22;
  const p = heap.alloc(n * 4);
  for (let i = 0; i < 5; i++) k.fill[4](p, n, 42 + i, 0);
  const { isa, threads, reason, faster } = backend();
  console.log(JSON.stringify([heap.view("int32", p, n)[n - 1], isa, threads > 1, reason, faster ?? null]));`;

it("a page without isolation gets the build without threads, and is told what would be faster", () => {
  const hint = "threads: serve the page with COOP same-origin and COEP require-corp";
  expect(JSON.parse(browser(false, USE))).toEqual([
    46,
    "simd128",
    false,
    "a browser page without cross-origin isolation",
    hint,
  ]);
});

it("an isolated page gets threads, and works while they have not started", () => {
  const [value, isa, , reason] = JSON.parse(browser(true, USE));
  expect(value).toBe(46);
  expect(["simd128", "relaxed-simd"]).toContain(isa);
  expect(reason).toBe("a browser");
});

it("what runs before ready() in a browser says so", () => {
  const program = "try { engine(); } catch (error) { console.log(error.name, error.message); }";
  expect(browser(false, program)).toBe(
    "UnsupportedError engine: the engine is not started. In a browser write `await ready();` once, before the first tensor (Node needs 20.19 or newer).",
  );
});
