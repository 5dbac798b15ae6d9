import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { linear, Parameter, type Tensor, tanh, tensor, tidy } from "@tenon/numerics";
import { camelCaseKeys, lookup } from "./lookup.ts";
import { withinBounds } from "./outcome.ts";
import type { AddRow } from "./trajectories.ts";

interface OptimizerFile {
  readonly steps: number;
  readonly shapes: { readonly [name: string]: readonly number[] };
  readonly init: { readonly [name: string]: readonly number[] };
  readonly x: readonly (readonly number[])[];
  readonly y: readonly (readonly number[])[];
  readonly runs: readonly {
    readonly name: string;
    readonly type: string;
    readonly args: { readonly [name: string]: unknown };
    readonly losses: readonly number[];
    readonly final: { readonly [name: string]: readonly number[] };
  }[];
}

/** One small regression with each optimizer of `optimizers.json`: `loss = mean((tanh(x W1ᵀ + b1) W2ᵀ − y)²)`, full batch. */
export async function optimizerRows(dir: string, add: AddRow): Promise<void> {
  const file = JSON.parse(await readFile(join(dir, "optimizers.json"), "utf8")) as OptimizerFile;
  for (const run of file.runs) await add(`optimizers/${run.name}`, () => replay(file, run));
}

function replay(file: OptimizerFile, run: OptimizerFile["runs"][number]): string {
  type Stepper = { step(closure?: () => number): unknown; zeroGrad(): void };
  const Class = lookup<new (params: Tensor[], options: object) => Stepper>("train", run.type);
  const float64 = (values: readonly number[], shape: readonly number[]) =>
    tensor([...values], { dtype: "float64", shape });
  const names = ["W1", "b1", "W2"];
  const parameters = names.map((name) => new Parameter(float64(file.init[name]!, file.shapes[name]!)));
  const [w1, b1, w2] = parameters as [Tensor, Tensor, Tensor];
  const x = float64(file.x.flat(), [file.x.length, file.x[0]!.length]);
  const y = float64(file.y.flat(), [file.y.length, file.y[0]!.length]);
  const optimizer = new Class(parameters, camelCaseKeys(run.args));
  const figures = { losses: 0, final: 0 };
  for (const expected of run.losses) {
    const loss = tidy(() => {
      // LBFGS evaluates several times a step; the first value is the one recorded.
      let first: number | undefined;
      const closure = (): number => {
        optimizer.zeroGrad();
        const error = linear(tanh(linear(x, w1, b1)), w2).sub(y);
        const loss = error.mul(error).mean();
        loss.backward();
        first ??= loss.item() as number;
        return loss.item() as number;
      };
      if (run.type === "LBFGS") optimizer.step(closure);
      else {
        closure();
        optimizer.step();
      }
      return first!;
    });
    figures.losses = Math.max(figures.losses, Math.abs(loss - expected) / Math.max(Math.abs(expected), 1e-300));
  }
  names.forEach((name, i) => {
    const want = run.final[name]!.flat();
    const greatest = Math.max(...want.map(Math.abs));
    Array.from(parameters[i]!.data() as Float64Array).forEach((value, k) => {
      figures.final = Math.max(figures.final, Math.abs(value - want[k]!) / greatest);
    });
  });
  return withinBounds(figures, { losses: 1e-9, final: 1e-7 });
}
