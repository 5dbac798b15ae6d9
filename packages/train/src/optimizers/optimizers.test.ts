import { readFileSync } from "node:fs";
import { ArgumentError, Parameter, tensor, tidy } from "@tenon/numerics";
import { describe, expect, it } from "vitest";
import { CosineAnnealingLR } from "../schedulers/cosine-annealing-lr.ts";
import type { Schedulable, Scheduler } from "../schedulers/scheduler.ts";
import { StepLR } from "../schedulers/step-lr.ts";
import { Adam, AdamW } from "./adam.ts";
import { SGD } from "./sgd.ts";

interface OptimizerCase {
  readonly type: "SGD" | "Adam" | "AdamW";
  readonly args: Record<string, unknown>;
  readonly start: { readonly w: number[][]; readonly b: number[] };
  readonly x: number[][];
  readonly y: number[][];
  readonly losses: number[];
  readonly final: { readonly w: number[][]; readonly b: number[] };
}

interface SchedulerCase {
  readonly type: "StepLR" | "CosineAnnealingLR";
  readonly args: Record<string, number>;
  readonly lrs: number[];
}

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${name}.json`, import.meta.url), "utf8"));
const optimizers = { SGD, Adam, AdamW };
const schedulers = { StepLR, CosineAnnealingLR };
const f64 = { dtype: "float64" } as const;

/** PyTorch's argument names in ours. */
function camel(args: Record<string, unknown>): Record<string, unknown> {
  const name = (key: string) => (key === "T_max" ? "tMax" : key.replace(/_(\w)/g, (_, c: string) => c.toUpperCase()));
  return Object.fromEntries(Object.entries(args).map(([key, value]) => [name(key), value]));
}

function problem(c: OptimizerCase) {
  const w = new Parameter(tensor(c.start.w, f64));
  const b = new Parameter(tensor(c.start.b, f64));
  const x = tensor(c.x, f64);
  const y = tensor(c.y, f64);
  const loss = () => {
    const out = x.matmul(w.t()).add(b);
    const d = out.mul(out).sub(y);
    return d.mul(d).mean();
  };
  return { w, b, loss };
}

function expectNear(actual: unknown, expected: number[] | number[][], tolerance: number) {
  const [a, e] = [actual, expected].map((v) => (v as number[][]).flat());
  a!.forEach((value, i) => {
    expect(Math.abs(value - e![i]!)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(e![i]!)));
  });
}

describe("optimizers follow PyTorch's", () => {
  it.each(fixture("optimizers") as OptimizerCase[])("$type $args", (c) => {
    const { w, b, loss } = problem(c);
    const optimizer = new optimizers[c.type]([w, b], camel(c.args) as never);
    const losses = c.losses.map(() =>
      tidy(() => {
        optimizer.zeroGrad();
        const value = loss();
        value.backward();
        optimizer.step();
        return value.item() as number;
      }),
    );
    expectNear(losses, c.losses, 1e-12);
    expectNear(w.toArray(), c.final.w, 1e-11);
    expectNear(b.toArray(), c.final.b, 1e-11);
  });

  it.each(fixture("optimizers") as OptimizerCase[])("$type $args goes on exactly from a saved state", (c) => {
    const run = (steps: number, optimizer: SGD | Adam | AdamW, loss: () => ReturnType<typeof tensor>) => {
      for (let i = 0; i < steps; i++) {
        optimizer.zeroGrad();
        loss().backward();
        optimizer.step();
      }
    };
    const whole = problem(c);
    const first = new optimizers[c.type]([whole.w, whole.b], camel(c.args) as never);
    run(3, first, whole.loss);
    const rest = problem({ ...c, start: { w: whole.w.toArray() as number[][], b: whole.b.toArray() as number[] } });
    const second = new optimizers[c.type]([rest.w, rest.b], camel(c.args) as never);
    second.loadStateDict(first.stateDict());
    run(3, first, whole.loss);
    run(3, second, rest.loss);
    expect(rest.w.toArray()).toEqual(whole.w.toArray());
  });
});

describe("optimizers", () => {
  it("treat groups by their own settings and leave parameters without gradient alone", () => {
    const [a, b, c] = [1, 1, 1].map((x) => new Parameter(tensor([x])));
    const optimizer = new SGD([{ params: [a!, c!] }, { params: [["b", b!]], lr: 1 }], { lr: 0.5 });
    a!.add(b!).sum().backward();
    optimizer.step();
    expect([a, b, c].map((p) => p!.item())).toEqual([0.5, 0, 1]);
    optimizer.zeroGrad();
    expect(a!.grad).toBeNull();
    expect(optimizer.stateDict().groups.map((g) => g.params)).toEqual([["0", "1"], ["b"]]);
  });

  it.each([
    [() => new SGD([], { lr: 1 }), "no parameters"],
    [() => new SGD([new Parameter([1])], { lr: -1 }), "-1"],
    [() => new SGD([new Parameter([1])], { lr: 1, nesterov: true }), "nesterov"],
    [() => new Adam([new Parameter([1])], { betas: [1, 0.9] }), "betas [1, 0.9]"],
    [
      () => {
        const p = new Parameter([1]);
        return new SGD([p, p], { lr: 1 });
      },
      "appears twice",
    ],
    [() => new SGD([new Parameter([1]).mul(2)], { lr: 1 }), "only leaves"],
    [() => new SGD([new Parameter([1])], { lr: 1 }).loadStateDict({ state: {}, groups: [] }), "parameters differ"],
  ])("refuse %s", (make, text) => {
    expect(make).toThrow(ArgumentError);
    expect(make).toThrow(text);
  });
});

describe("schedulers follow PyTorch's", () => {
  it.each(fixture("schedulers") as SchedulerCase[])("$type $args", ({ type, args, lrs }) => {
    const make = (): [Schedulable, Scheduler] => {
      const optimizer = { groups: [{ options: { lr: 0.1 } }] };
      return [optimizer, new schedulers[type](optimizer, camel(args) as never)];
    };
    const [optimizer, scheduler] = make();
    const seen = lrs.map(() => {
      const { lr } = optimizer.groups[0]!.options;
      scheduler.step();
      return lr;
    });
    expectNear(seen, lrs, 1e-14);
    const [resumed, again] = make();
    again.loadStateDict({ ...scheduler.stateDict(), lastEpoch: 9 });
    expectNear([resumed.groups[0]!.options.lr], [lrs[9]!], 1e-14);
  });
});
