import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { writeAtomically } from "./files.ts";
import { familyUnit, tableConstants, tableUnit } from "./generate-cpp.ts";
import type { KernelIds } from "./ids.ts";
import { expandIncludes, type Family } from "./sources.ts";

/** What one target's build did, for the summary line. */
export interface BuildResult {
  readonly compiled: number;
  readonly cached: number;
  /** Families that do not compile, with the compiler's words; the binary was linked without them. */
  readonly failures: readonly { readonly family: string; readonly output: string }[];
  /** Set if the target could not be built at all. */
  readonly skipped?: string;
}

export interface BuildPaths {
  readonly kernels: string;
  readonly build: string;
  readonly output: string;
}

// Never -ffast-math; the kernels choose where a fused multiply-add may stand.
const FLAGS = [
  ..."-std=c++20 -O3 -fPIC -ffp-contract=fast -fno-math-errno -fno-trapping-math -fno-exceptions -fno-rtti".split(" "),
  ..."-fvisibility=hidden -fno-asynchronous-unwind-tables -Wall -Wno-psabi -Wno-unknown-pragmas -Wno-unused-function".split(
    " ",
  ),
];

const ISAS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  x64: {
    // For CPUs from before 2013: correctness matters, a third of the compile time matters more than the last tenth of speed.
    baseline: "-march=x86-64 -O2",
    avx2: "-mavx2 -mfma",
    avx512: "-mavx512f -mavx512vl -mavx512dq -mavx512bw -mavx2 -mfma -mprefer-vector-width=512",
  },
  arm64: { neon: "" },
};

interface Compiler {
  readonly command: string;
  readonly version: string;
}

interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

function execute(command: string, args: readonly string[], input = ""): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    child.stdin.on("error", () => {});
    child.on("error", (error) => resolve({ code: null, output: String(error) }));
    child.on("close", (code) => resolve({ code, output: Buffer.concat(chunks).toString() }));
    child.stdin.end(input);
  });
}

/** $CXX if set (and then nothing else), or the first compiler that is there. */
export async function findCompiler(wanted = process.env.CXX): Promise<Compiler | null> {
  for (const command of wanted ? [wanted] : ["c++", "g++", "clang++"]) {
    const { code, output } = await execute(command, ["--version"]);
    if (code === 0) return { command, version: output.split("\n")[0]! };
  }
  return null;
}

interface Job {
  readonly family: string;
  readonly text: string;
  readonly flags: readonly string[];
  readonly object: string;
}

/** Compiles from standard input, so that what was hashed is what is compiled even if a file changes meanwhile. */
async function compile(compiler: Compiler, job: Job): Promise<Outcome> {
  const part = `${job.object}.${process.pid}.part`;
  const outcome = await execute(
    compiler.command,
    [...FLAGS, ...job.flags, "-x", "c++", "-c", "-", "-o", part],
    job.text,
  );
  if (outcome.code === 0) renameSync(part, job.object);
  else rmSync(part, { force: true });
  return outcome;
}

/** Runs the jobs whose objects do not exist, `width` at a time. */
async function compileAll(compiler: Compiler, jobs: readonly Job[], width: number): Promise<BuildResult> {
  const waiting = jobs.filter(({ object }) => !existsSync(object));
  const failures = new Map<string, string>();
  const pending = [...waiting];
  const worker = async () => {
    for (let job = pending.shift(); job !== undefined; job = pending.shift()) {
      if (failures.has(job.family)) continue;
      const { code, output } = await compile(compiler, job);
      if (code !== 0) failures.set(job.family, output);
      else if (output.trim() !== "") process.stderr.write(output);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return {
    compiled: waiting.length,
    cached: jobs.length - waiting.length,
    failures: [...failures].map(([family, output]) => ({ family, output })),
  };
}

function nodeHeaders(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve("node-api-headers/package.json")), "include");
}

/** Builds dist/kernels/tenon.node: every family once per instruction set, the pool and the addon's own code. */
export async function buildNative(
  families: readonly Family[],
  ids: KernelIds,
  paths: BuildPaths,
): Promise<BuildResult> {
  const isas = ISAS[process.arch];
  const compiler = isas === undefined || process.platform === "win32" ? null : await findCompiler();
  if (isas === undefined || compiler === null) {
    const reason =
      isas === undefined || process.platform === "win32"
        ? `no native engine for ${process.platform}-${process.arch} yet`
        : `no C++ compiler found (${process.env.CXX ? `CXX=${process.env.CXX}` : "looked for c++, g++, clang++"})`;
    return { compiled: 0, cached: 0, failures: [], skipped: `${reason}; everything runs on WebAssembly, more slowly` };
  }
  const objects = join(paths.build, "native");
  mkdirSync(objects, { recursive: true });
  const job = (family: string, isa: string, text: string, flags: readonly string[]): Job => {
    const hash = createHash("sha256")
      .update(JSON.stringify([compiler, FLAGS, flags, text]))
      .digest("hex")
      .slice(0, 20);
    return { family, text, flags, object: join(objects, `${family}.${isa}.${hash}.o`) };
  };
  const kernelJobs = families.flatMap((family) =>
    Object.entries(isas).map(([isa, flags]) =>
      job(family.name, isa, familyUnit(family), [`-DNSP=${isa}`, ...flags.split(" ").filter(Boolean)]),
    ),
  );
  const runtimeFlags = ["-pthread", "-fexceptions", `-I${nodeHeaders()}`, "-DNAPI_VERSION=8"];
  const runtimeJobs = ["addon", "pool"].map((name) =>
    job(
      `runtime/${name}`.replace("/", "-"),
      "host",
      expandIncludes(paths.kernels, `runtime/${name}.cpp`),
      runtimeFlags,
    ),
  );
  const result = await compileAll(compiler, [...kernelJobs, ...runtimeJobs], 2);
  const broken = new Set(result.failures.map(({ family }) => family));
  if (runtimeJobs.some(({ family }) => broken.has(family))) return result;

  const good = families.filter(({ name }) => !broken.has(name));
  const table = `${Object.keys(isas)
    .map((isa) => tableUnit(isa, good, ids))
    .join("")}${tableConstants(ids)}`;
  const tableJob = job("table", "host", table, []);
  await compileAll(compiler, [tableJob], 1);
  const used = [...kernelJobs, ...runtimeJobs, tableJob].filter(({ family }) => !broken.has(family));
  const linked = await link(
    compiler,
    used.map(({ object }) => object),
    paths,
  );
  return linked === null ? result : { ...result, failures: [...result.failures, { family: "(link)", output: linked }] };
}

/** Links if anything changed since the last time; returns the linker's words if it fails. */
async function link(compiler: Compiler, objects: readonly string[], paths: BuildPaths): Promise<string | null> {
  const target = join(paths.output, "tenon.node");
  const stamp = join(paths.build, "tenon.node.inputs");
  const inputs = objects.join("\n");
  if (existsSync(target) && existsSync(stamp) && readFileSync(stamp, "utf8") === inputs) return null;
  mkdirSync(paths.output, { recursive: true });
  const part = `${target}.${process.pid}.part`;
  const platform =
    process.platform === "darwin"
      ? ["-bundle", "-undefined", "dynamic_lookup"]
      : ["-shared", "-pthread", "-static-libstdc++", "-static-libgcc", "-Wl,-z,nodelete", "-Wl,--gc-sections", "-s"];
  const { code, output } = await execute(compiler.command, [...platform, ...objects, "-o", part, "-lm"]);
  if (code !== 0) return output;
  renameSync(part, target);
  writeAtomically(stamp, inputs);
  return null;
}
