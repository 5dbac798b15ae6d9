import { UnsupportedError } from "../errors.ts";
import { KERNEL_TABLE } from "../generated/kernels.ts";

/** Where a compiled kernel file lies: beside the bundle, or in dist/ when running from the sources. */
export function binaryUrl(file: "tenon.node" | WasmFile): URL {
  return import.meta.url.endsWith(".ts")
    ? new URL(`../../dist/kernels/${file}`, import.meta.url)
    : new URL(`./kernels/${file}`, import.meta.url);
}

export type WasmFile = "tenon-strict.wasm" | "tenon-strict-single.wasm" | "tenon-relaxed.wasm";

/** Refuses a module whose kernels are numbered differently from the generated TypeScript. */
export function checkTable(file: string, table: string): void {
  if (table === KERNEL_TABLE) return;
  throw new UnsupportedError({
    op: "engine",
    rule: `${file} was built for another version of the kernels`,
    received: `table ${table}`,
    expected: `table ${KERNEL_TABLE}`,
    hint: "Run `npm run kernels -w packages/numerics`",
  });
}
