import { runtime } from "../runtime.ts";
import { binaryUrl, type WasmFile } from "./binaries.ts";
import type { Engine } from "./engine.ts";
import { host } from "./host.ts";
import { inNode, startEngine } from "./start.ts";
import { hasRelaxedSimd, makeImports, startWasm, type WasmOptions } from "./wasm.ts";
import { startBrowserWorkers } from "./wasm-workers.ts";

async function startInBrowser(): Promise<Engine> {
  const isolated = host().crossOriginIsolated === true;
  const file: WasmFile = isolated
    ? hasRelaxedSimd()
      ? "tenon-relaxed.wasm"
      : "tenon-strict.wasm"
    : "tenon-strict-single.wasm";
  const options: WasmOptions = {
    file,
    threads: isolated ? Math.min(host().navigator?.hardwareConcurrency ?? 1, 16) : 1,
    // Only a worker may block; a page's own thread would throw.
    mayWait: typeof host().document === "undefined",
    startWorkers: startBrowserWorkers,
    reason: isolated ? "a browser" : "a browser page without cross-origin isolation",
    ...(isolated ? {} : { faster: "threads: serve the page with COOP same-origin and COEP require-corp" }),
  };
  const response = await fetch(binaryUrl(file));
  const module = await host().WebAssembly.compile(await response.arrayBuffer());
  const made = makeImports(options, module);
  return startWasm(await host().WebAssembly.instantiate(module, made.imports), made, options);
}

let starting: Promise<Engine> | undefined;

/**
 * Starts the engine. A browser must wait for it before the first tensor; Node starts by itself, and there this only does
 * it earlier.
 *
 * @example await ready();
 */
export async function ready(): Promise<void> {
  if (runtime.engine !== null) return;
  if (inNode()) runtime.engine = startEngine();
  else {
    starting ??= startInBrowser();
    try {
      runtime.engine = await starting;
    } finally {
      starting = undefined;
    }
  }
}
