import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runOpinfo } from "./run.ts";

const vector = (...data: (number | string)[]) => ({ dtype: "float64", shape: [data.length], data });

function row(op: string, inputs: unknown[], outputs: unknown[], grads: unknown[], more: object = {}) {
  const cotangents = outputs.map((y) => ({ ...(y as object), data: (y as { data: unknown[] }).data.map(() => 1) }));
  return JSON.stringify({ op, variant: "", sample: 0, inputs, kwargs: {}, outputs, cotangents, grads, ...more });
}

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tenon-opinfo-"));
  vi.spyOn(console, "log").mockImplementation(() => {});
});

afterAll(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...lines: string[]) {
  const file = join(folder, "cases.jsonl");
  writeFileSync(file, `${lines.join("\n")}\n`);
  return runOpinfo(file, { only: /./ });
}

test("a right value and gradient pass, by name, keyword and options", async () => {
  const rows = await run(
    row("mul", [vector(2, 3), vector(5, 7)], [vector(10, 21)], [vector(5, 7), vector(2, 3)]),
    row("sum", [vector(2, 3)], [{ dtype: "float64", shape: [1], data: [5] }], [vector(1, 1)], {
      kwargs: { dim: 0, keepdim: true },
    }),
    row("nn.functional.relu", [vector(-1, 2)], [vector(0, 2)], [vector(0, 1)]),
  );
  expect(rows.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
    "mul passed",
    "sum passed",
    "nn.functional.relu passed",
  ]);
});

test("a wrong value or gradient fails and is shown; an operation that does not exist is a skip", async () => {
  const rows = await run(
    row("exp", [vector(0)], [vector(1.5)], [vector(1)]),
    row("neg", [vector(2)], [vector(-2)], [vector(1)]),
    row("linalg.cholesky_of_everything", [vector(1)], [vector(1)], [null]),
  );
  expect(rows).toEqual([
    { name: "exp", verdict: "failed", detail: "exp/0: element 0 is 1, want 1.5" },
    { name: "neg", verdict: "failed", detail: "neg/0: gradient 0: element 0 is -1, want 1" },
    { name: "linalg.cholesky_of_everything", verdict: "skipped", detail: "not there yet" },
  ]);
});

test("where the recording is wrong on purpose the right value is asked for, and said", async () => {
  const rows = await run(
    row("nn.functional.silu", [vector("-Infinity", 0)], [vector("NaN", 0)], [null], { tag: "special" }),
  );
  expect(rows.map(({ verdict }) => verdict)).toEqual(["passed", "skipped"]);
  expect(rows[1]!.detail).toContain("held against the right value instead");
});
