import { type ChildProcess, fork } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { prune, writeAtomically } from "./files.ts";
import { familyUnit, tableConstants, tableUnit } from "./generate-cpp.ts";
import type { KernelIds } from "./ids.ts";
import type { BuildPaths, BuildResult } from "./native.ts";
import { essence, expandIncludes, type Family } from "./sources.ts";
import type { Task, TaskResult } from "./wasm-child.ts";

const FLAGS = [
  ..."--target=wasm32-wasip1 -std=c++20 -O3 -msimd128 -mbulk-memory -DNSP=wasm".split(" "),
  ..."-ffp-contract=off -fno-math-errno -fno-exceptions -fno-rtti -nostdlib -fno-builtin-memcpy -fno-builtin-memset -Wall -Wno-unused-function -Wno-unused-const-variable -Wno-unknown-pragmas".split(
    " ",
  ),
];

const LINK_FLAGS = [
  "--target=wasm32-wasip1",
  "-nostdlib",
  "-Wl,--no-entry,--import-memory,--max-memory=4294967296,--export=__heap_base,--strip-all,--stack-first,-z,stack-size=1048576",
];
// One of libm's helpers is all that comes from the bundled libc; it knows nothing of shared memory and needs nothing of it.
const LIBC = ["-Wl,--no-check-features", "-lc"];
const THREADS = ["-Wl,--shared-memory,--export=__stack_pointer"];

interface Module {
  readonly file: string;
  readonly cpu: string;
  readonly runtime: "threads" | "single";
}

const MODULES: readonly Module[] = [
  { file: "tenon-strict.wasm", cpu: "strict", runtime: "threads" },
  { file: "tenon-strict-single.wasm", cpu: "strict", runtime: "single" },
  { file: "tenon-relaxed.wasm", cpu: "relaxed", runtime: "threads" },
];

/** The package's manifest is not among its exports: it lies one folder above the entry. */
function clangVersion(): string {
  const entry = createRequire(import.meta.url).resolve("@yowasp/clang");
  return (JSON.parse(readFileSync(join(dirname(entry), "..", "package.json"), "utf8")) as { version: string }).version;
}

/** Two processes that each run one task at a time. Started at the first task, so that a cached build starts none. */
class Compilers {
  #idle: ChildProcess[] = [];
  #count = 0;
  #waiting: ((child: ChildProcess) => void)[] = [];

  async run(task: Task): Promise<TaskResult> {
    const child = await this.#acquire();
    const result = await new Promise<TaskResult>((resolve) => {
      const died = () => resolve({ bytes: null, messages: "the compiler's process ended" });
      child.once("exit", died);
      child.once("message", (message) => {
        child.off("exit", died);
        resolve(message as TaskResult);
      });
      child.send(task);
    });
    const next = this.#waiting.shift();
    if (next !== undefined) next(child);
    else this.#idle.push(child);
    return result;
  }

  close(): void {
    for (const child of this.#idle) child.disconnect();
  }

  #acquire(): Promise<ChildProcess> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return Promise.resolve(idle);
    if (this.#count === 2) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#count++;
    const script = fileURLToPath(new URL("./wasm-child.ts", import.meta.url));
    return Promise.resolve(
      fork(script, [], {
        execArgv: [...process.execArgv, "--liftoff-only"],
        serialization: "advanced",
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      }),
    );
  }
}

interface Job {
  readonly family: string;
  readonly cpu: string;
  readonly object: string;
  readonly task: Task;
}

function makeJob(
  folder: string,
  clang: string,
  family: string,
  cpu: string,
  text: string,
  extra: readonly string[],
): Job {
  const args = [...FLAGS, ...extra, "-c", "unit.cc", "-o", "unit.o"];
  const hash = createHash("sha256")
    .update(JSON.stringify([clang, args, essence(text)]))
    .digest("hex")
    .slice(0, 20);
  const task: Task = { args, files: { "unit.cc": text }, output: "unit.o" };
  return { family, cpu, object: join(folder, `${family}.${cpu}.${hash}.o`), task };
}

async function compileAll(compilers: Compilers, all: readonly Job[]): Promise<BuildResult> {
  const jobs = [...new Map(all.map((job) => [job.object, job])).values()];
  const waiting = jobs.filter(({ object }) => !existsSync(object));
  const failures = new Map<string, string>();
  await Promise.all(
    waiting.map(async ({ family, object, task }) => {
      const { bytes, messages } = await compilers.run(task);
      if (bytes === null) failures.set(family, messages);
      else {
        writeAtomically(object, bytes);
        if (messages.trim() !== "") process.stderr.write(messages);
      }
    }),
  );
  return {
    compiled: waiting.length,
    cached: jobs.length - waiting.length,
    failures: [...failures].map(([family, output]) => ({ family, output })),
  };
}

/** Links one module if its objects changed; returns the linker's words if it fails. */
async function link(
  compilers: Compilers,
  module: Module,
  jobs: readonly Job[],
  paths: BuildPaths,
): Promise<string | null> {
  const target = join(paths.output, module.file);
  const stamp = join(paths.build, `${module.file}.inputs`);
  const flags = [...LINK_FLAGS, ...(module.runtime === "threads" ? THREADS : [])];
  const inputs = [...flags, ...jobs.map(({ object }) => object)].join("\n");
  if (existsSync(target) && existsSync(stamp) && readFileSync(stamp, "utf8") === inputs) return null;
  const files = Object.fromEntries(jobs.map(({ object }, i) => [`${i}.o`, new Uint8Array(readFileSync(object))]));
  const args = [...flags, ...Object.keys(files), ...LIBC, "-o", "out.wasm"];
  const { bytes, messages } = await compilers.run({ args, files, output: "out.wasm" });
  if (bytes === null) return messages;
  writeAtomically(target, bytes);
  writeAtomically(stamp, inputs);
  return null;
}

/** Whether a family or one of its headers mentions what vec.h defines differently for relaxed SIMD. */
function usesFma({ text }: Family): boolean {
  return text
    .split(/^#line 1 /m)
    .some((file) => !file.startsWith('"kernels/common/vec.h"') && /\b(?:fma|HAS_FMA|relaxed\w*)\b/.test(file));
}

/** Builds dist/kernels/*.wasm: every family for strict and for relaxed SIMD, linked with the runtime of each module. */
export async function buildWasm(families: readonly Family[], ids: KernelIds, paths: BuildPaths): Promise<BuildResult> {
  const folder = join(paths.build, "wasm");
  mkdirSync(folder, { recursive: true });
  mkdirSync(paths.output, { recursive: true });
  const clang = clangVersion();
  const make = (family: string, cpu: string, text: string, extra: readonly string[]) =>
    makeJob(folder, clang, family, cpu, text, extra);
  const kernels = families.flatMap((family) => {
    const strict = make(family.name, "strict", familyUnit(family), []);
    // Most families hold nothing that relaxed SIMD would change: their one object serves both.
    const relaxed = usesFma(family)
      ? make(family.name, "relaxed", familyUnit(family), ["-mrelaxed-simd"])
      : { ...strict, cpu: "relaxed" };
    return [strict, relaxed];
  });
  const runtimeText = expandIncludes(paths.kernels, "runtime/wasm.cpp");
  const runtimes = {
    threads: make("runtime-threads", "any", runtimeText, ["-matomics"]),
    single: make("runtime-single", "any", runtimeText, []),
  };
  const compilers = new Compilers();
  try {
    const result = await compileAll(compilers, [...kernels, ...Object.values(runtimes)]);
    const broken = new Set(result.failures.map(({ family }) => family));
    if (broken.has("runtime-threads") || broken.has("runtime-single")) return result;
    const good = families.filter(({ name }) => !broken.has(name));
    const table = make("table", "any", tableUnit("wasm", good, ids) + tableConstants(ids), []);
    const tableResult = await compileAll(compilers, [table]);
    if (tableResult.failures.length > 0) return tableResult;
    const used = kernels.filter(({ family }) => !broken.has(family));
    const failures = [...result.failures];
    for (const module of MODULES) {
      const objects = [runtimes[module.runtime], table, ...used.filter(({ cpu }) => cpu === module.cpu)];
      const problem = await link(compilers, module, objects, paths);
      if (problem !== null) failures.push({ family: `link of ${module.file}`, output: problem });
    }
    prune(
      folder,
      [...Object.values(runtimes), table, ...used].map(({ object }) => object),
    );
    return { ...result, failures };
  } finally {
    compilers.close();
  }
}
