import { spawn } from "node:child_process";

// Never -ffast-math; the kernels choose where a fused multiply-add may stand.
export const FLAGS = [
  ..."-std=c++20 -O3 -fPIC -ffp-contract=fast -fno-math-errno -fno-trapping-math -fno-exceptions -fno-rtti".split(" "),
  ..."-fvisibility=hidden -fno-asynchronous-unwind-tables -Wall -Wno-psabi -Wno-unknown-pragmas -Wno-unused-function".split(
    " ",
  ),
];

export interface Compiler {
  readonly command: string;
  readonly version: string;
}

export interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

export function execute(command: string, args: readonly string[], input = ""): Promise<Outcome> {
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

// What the kernels need of a compiler: C++20 and the vector extensions (GCC 12, Clang 12).
const PROBE = `
#include <atomic>
typedef float v4 __attribute__((vector_size(16)));
typedef double d4 __attribute__((vector_size(32)));
template <int... I> v4 turn(v4 a) { return __builtin_shufflevector(a, a, (I ^ 1)...); }
d4 probe(v4 a) { return __builtin_convertvector(turn<0, 1, 2, 3>(a), d4); }
unsigned bits(float x) { return __builtin_bit_cast(unsigned, x); }
void wait(std::atomic<unsigned>* word) { word->wait(1); }
`;

/** $CXX if set (and then nothing else), or the first compiler that is there and new enough; else why there is none. */
export async function findCompiler(wanted = process.env.CXX): Promise<Compiler | string> {
  let tooOld = "";
  for (const command of wanted ? [wanted] : ["c++", "g++", "clang++"]) {
    const { code, output } = await execute(command, ["--version"]);
    if (code !== 0) continue;
    const version = output.split("\n")[0]!;
    const probe = await execute(command, [...FLAGS, "-x", "c++", "-fsyntax-only", "-"], PROBE);
    if (probe.code === 0) return { command, version };
    tooOld ||= version;
  }
  if (tooOld !== "") return `the C++ compiler is too old (${tooOld}; GCC 12 or Clang 12 is needed)`;
  return `no C++ compiler found (${wanted ? `CXX=${wanted}` : "looked for c++, g++, clang++"})`;
}
