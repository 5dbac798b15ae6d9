import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Tests run on the sources of all packages (condition "@tenon/source"); loader workers and kernels come from dist.
const conditions = ["@tenon/source", "module", "node", "development|production"];

// Whatever computes is tested on both engines; a process has one, so each is a project. Without a C++ compiler there is only one.
const everywhere = ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts"];
const once = ["packages/*/scripts/**/*.test.ts", "tools/**/*.test.ts", "docs/**/*.test.ts"];
// Tests of what does not compute, or starts its own processes per engine.
const backendFree = [
  "packages/numerics/src/engine/**",
  "packages/data/**",
  "packages/models/src/checkpoint/**",
  "packages/models/src/onnx/**",
  "apps/**",
];

const hasNative = existsSync(fileURLToPath(new URL("packages/numerics/dist/kernels/tenon.node", import.meta.url)));

function project(name: "native" | "wasm", include: string[], exclude: string[]) {
  return {
    extends: true as const,
    test: { name, include, exclude: ["**/node_modules/**", ...exclude], env: { TENON_BACKEND: name } },
  };
}

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ["@tenon/source", "node"] } },
  test: {
    reporters: ["default", "./tools/testing/count-reporter.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    projects: hasNative
      ? [project("native", [...everywhere, ...once], []), project("wasm", everywhere, backendFree)]
      : [project("wasm", [...everywhere, ...once], [])],
  },
});
