import { noGrad, type Tensor, tidy } from "@tenon/numerics";
import type { Module } from "./module.ts";

/** One layer of a summary: a module without submodules, in the order in which they ran. */
export interface SummaryRow {
  /** Its path in the model: `block1.conv1`. */
  readonly path: string;
  readonly type: string;
  /** Shape of its (first) output; undefined if the layer never ran. */
  readonly outputShape: readonly number[] | undefined;
  /** Own parameters; those shared with an earlier layer are not counted again. */
  readonly parameters: number;
}

export interface Summary {
  readonly rows: readonly SummaryRow[];
  readonly parameters: number;
  readonly trainableParameters: number;
  /** Bytes of all parameters and buffers. */
  readonly bytes: number;
  /** The table, as it is printed. */
  toString(): string;
}

/**
 * Runs the model once on example inputs, in evaluation mode and without gradients, and lists its layers with output shapes
 * and parameter counts. Needs no more than the call; the model is left as it was.
 * @example console.log(String(summary(net, [zeros([1, 3, 32, 32])])))
 */
export function summary(model: Module, exampleInputs: readonly Tensor[]): Summary {
  const shapes = outputShapes(model, exampleInputs);
  const own = ownParameters(model);
  const paths = new Map([...model.namedModules()].map(([path, module]) => [module, path]));
  const notRun = [...paths.keys()].filter((module) => !shapes.has(module));
  const rows: SummaryRow[] = [];
  for (const module of [...shapes.keys(), ...notRun]) {
    const path = paths.get(module)!;
    const parameters = own.get(path) ?? 0;
    if (module.children.length > 0 && parameters === 0) continue;
    rows.push({ path, type: module.constructor.name, outputShape: shapes.get(module), parameters });
  }
  return withTotals(model, rows);
}

/** Numbers of parameters by the path of the module that holds them, each parameter counted once. */
function ownParameters(model: Module): Map<string, number> {
  const own = new Map<string, number>();
  for (const [name, parameter] of model.namedParameters()) {
    const path = name.slice(0, Math.max(name.lastIndexOf("."), 0));
    own.set(path, (own.get(path) ?? 0) + parameter.size);
  }
  return own;
}

function outputShapes(model: Module, inputs: readonly Tensor[]): Map<Module, readonly number[]> {
  const shapes = new Map<Module, readonly number[]>();
  const modes = model.modules().map((module) => [module, module.training] as const);
  const handles = model.modules().map((module) =>
    module.registerForwardHook((_, __, output) => {
      const first = Array.isArray(output) ? output[0] : output;
      if (!shapes.has(module)) shapes.set(module, (first as Tensor).shape);
    }),
  );
  try {
    model.eval();
    noGrad(() => tidy(() => void (model as unknown as (...args: Tensor[]) => unknown)(...inputs)));
  } finally {
    for (const handle of handles) handle.remove();
    for (const [module, training] of modes) module.training = training;
  }
  return shapes;
}

function withTotals(model: Module, rows: readonly SummaryRow[]): Summary {
  const all = model.parameters();
  const sum = (tensors: readonly Tensor[], of: (t: Tensor) => number) => tensors.reduce((n, t) => n + of(t), 0);
  const totals = {
    parameters: sum(all, (p) => p.size),
    trainableParameters: sum(all, (p) => (p.requiresGrad ? p.size : 0)),
    bytes: sum([...all, ...model.buffers()], (t) => t.storage.bytes),
  };
  return { rows, ...totals, toString: () => formatTable(rows, totals) };
}

type Totals = Pick<Summary, "parameters" | "trainableParameters" | "bytes">;

function formatTable(rows: readonly SummaryRow[], { parameters, trainableParameters, bytes }: Totals): string {
  const cells = rows.map(({ path, type, outputShape, parameters }) => [
    path === "" ? "(model)" : path,
    type,
    outputShape === undefined ? "not run" : `[${outputShape.join(", ")}]`,
    parameters.toLocaleString("en-US"),
  ]);
  const header = ["layer", "type", "output", "parameters"];
  const widths = header.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (i === 3 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  const rule = "-".repeat(widths.reduce((sum, width) => sum + width, 2 * (widths.length - 1)));
  const frozen = parameters - trainableParameters;
  const total = `${parameters.toLocaleString("en-US")} parameters${frozen > 0 ? ` (${frozen.toLocaleString("en-US")} frozen)` : ""}`;
  return [line(header), rule, ...cells.map(line), rule, `${total}, ${(bytes / 2 ** 20).toFixed(2)} MiB`].join("\n");
}
