import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type Compiler, execute, FLAGS, findCompiler, type Outcome } from "./compiler.ts";
import { prune, writeAtomically } from "./files.ts";
import { familyUnit, tableConstants, tableUnit } from "./generate-cpp.ts";
import type { KernelIds } from "./ids.ts";
import { essence, expandIncludes, type Family } from "./sources.ts";

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

const ISAS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  x64: {
    // For CPUs from before 2013: correctness matters, a third of the compile time matters more than the last tenth of speed.
    baseline: "-march=x86-64 -O2",
    avx2: "-mavx2 -mfma",
    avx512: "-mavx512f -mavx512vl -mavx512dq -mavx512bw -mavx2 -mfma -mprefer-vector-width=512",
  },
  arm64: { neon: "" },
};

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
  const supported = isas !== undefined && process.platform !== "win32";
  const compiler = supported ? await findCompiler() : `no native engine for ${process.platform}-${process.arch} yet`;
  if (isas === undefined || typeof compiler === "string") {
    return {
      compiled: 0,
      cached: 0,
      failures: [],
      skipped: `${compiler}; everything runs on WebAssembly, more slowly`,
    };
  }
  const objects = join(paths.build, "native");
  mkdirSync(objects, { recursive: true });
  const job = (family: string, isa: string, text: string, flags: readonly string[]): Job => {
    const hash = createHash("sha256")
      .update(JSON.stringify([compiler, FLAGS, flags, essence(text)]))
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
  prune(
    objects,
    used.map(({ object }) => object),
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
