import { UnsupportedError } from "../errors.ts";
import { binaryUrl, type WasmFile } from "./binaries.ts";
import type { Engine } from "./engine.ts";
import { host } from "./host.ts";
import { loadAddon, startNative } from "./native.ts";
import { readSettings, type Settings } from "./settings.ts";
import { hasRelaxedSimd, makeImports, startWasm, type WasmOptions } from "./wasm.ts";
import { startNodeWorkers } from "./wasm-workers.ts";

/** Whether Node's modules can be had synchronously. */
export function inNode(): boolean {
  return typeof process !== "undefined" && typeof process.getBuiltinModule === "function";
}

function wasmFasterHint(file: WasmFile, addonProblem: string | null): string | undefined {
  if (addonProblem !== null) return `the native engine, about twice as fast, but ${addonProblem}`;
  return file === "tenon-strict.wasm"
    ? "the native engine, or relaxed SIMD (Node 22, or --experimental-wasm-relaxed-simd)"
    : undefined;
}

function startWasmInNode(settings: Settings, reason: string, addonProblem: string | null): Engine {
  const { existsSync, readFileSync } = process.getBuiltinModule("node:fs");
  const file: WasmFile = hasRelaxedSimd() ? "tenon-relaxed.wasm" : "tenon-strict.wasm";
  const url = binaryUrl(file);
  if (!existsSync(url)) {
    throw new UnsupportedError({
      op: "engine",
      rule: `${file} is not there`,
      ...(addonProblem === null ? {} : { received: addonProblem }),
      hint: "In the repository run `npm run build`; elsewhere reinstall @tenon/numerics",
    });
  }
  const faster = wasmFasterHint(file, addonProblem);
  const options: WasmOptions = {
    file,
    threads: settings.threads,
    mayWait: true,
    startWorkers: startNodeWorkers,
    reason,
    ...(faster === undefined ? {} : { faster }),
  };
  const { Module, Instance } = host().WebAssembly;
  const module = new Module(readFileSync(url));
  const made = makeImports(options, module);
  return startWasm(new Instance(module, made.imports), made, options);
}

/**
 * Starts the engine in Node, synchronously: the native addon if it loads, else WebAssembly; `TENON_BACKEND` decides otherwise.
 *
 * @throws UnsupportedError in a browser, where starting takes `await ready()`, and if the chosen backend is not there.
 */
export function startEngine(): Engine {
  if (!inNode()) {
    throw new UnsupportedError({
      op: "engine",
      rule: "the engine is not started",
      hint: "In a browser write `await ready();` once, before the first tensor (Node needs 20.19 or newer)",
    });
  }
  const settings = readSettings(process.env, process.getBuiltinModule("node:os").availableParallelism());
  if (settings.backend === "wasm") return startWasmInNode(settings, "TENON_BACKEND=wasm", null);
  const addon = loadAddon();
  if (typeof addon !== "string") {
    return startNative(addon, settings, settings.backend === null ? "the native addon loads" : "TENON_BACKEND=native");
  }
  if (settings.backend === "native") {
    throw new UnsupportedError({
      op: "engine",
      rule: `TENON_BACKEND=native cannot be used: ${addon}`,
      hint: "Build it with `npm run build` and a C++ compiler, or take TENON_BACKEND=wasm",
    });
  }
  return startWasmInNode(settings, addon, addon);
}
