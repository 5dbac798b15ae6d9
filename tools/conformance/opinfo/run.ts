import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { fromTypedArray, grad, isFloatingPoint, type Tensor, tidy } from "@tenon/numerics";
import type { Row } from "../../runner/report.ts";
import { asOutputs, caseName, type Decoded, decode, flatTensors, numbersOfJson, type OpCase } from "./case.ts";
import { difference, type Tolerance, tensorDifference } from "./compare.ts";
import { ABSENT, DIFFERENCES } from "./differences.ts";
import { functionFor, resolve } from "./resolve.ts";

const STRICT: Tolerance = { relative: 1e-10, absolute: 1e-12 };
const LOOSE: Tolerance = { relative: 1e-8, absolute: 1e-12 };

// As the format's README asks: functions without a closed form, and gradients through factorisations.
const LOOSE_OPS = /^(special\.|igammac?$|lgamma$|mvlgamma$|polygamma$|digamma$|erfinv$)/;

interface Tally {
  cases: number;
  gradients: number;
  specialGradients: string[];
  failures: string[];
  known: string[];
}

async function readCases(file: string, only: RegExp): Promise<Map<string, OpCase[]>> {
  const byOp = new Map<string, OpCase[]>();
  for await (const line of createInterface({ input: createReadStream(file, "utf8") })) {
    if (line.trim() === "") continue;
    const c = JSON.parse(line) as OpCase;
    const list = byOp.get(c.op) ?? [];
    if (list.length === 0) byOp.set(c.op, list);
    if (only.test(caseName(c))) list.push(c);
  }
  return byOp;
}

function outputsOf(c: OpCase, decoded: Decoded, call: (decoded: Decoded) => unknown): unknown[] {
  const outputs = asOutputs(call(decoded));
  if (c.post !== "abs") return outputs;
  const abs = functionFor("abs")!;
  const apply = (value: unknown): unknown => (Array.isArray(value) ? value.map(apply) : abs(value));
  return outputs.map(apply);
}

/** The leaves that the recording differentiated, ready to take gradients. */
function markLeaves(c: OpCase, { tensors }: Decoded): number[] {
  return c.grads.flatMap((g, i) => {
    const t = tensors[i];
    if (g === null || t === undefined || !isFloatingPoint(t.dtype)) return [];
    t.requiresGrad = true;
    return [i];
  });
}

function gradientDifference(c: OpCase, decoded: Decoded, outputs: unknown[], leaves: number[], tolerance: Tolerance) {
  const roots: Tensor[] = [];
  const seeds: Tensor[] = [];
  flatTensors(outputs).forEach((y, i) => {
    const cotangent = c.cotangents[i];
    if (cotangent === null || cotangent === undefined || !y.requiresGrad) return;
    roots.push(y);
    seeds.push(fromTypedArray(numbersOfJson(cotangent), cotangent.shape));
  });
  const inputs = leaves.map((i) => decoded.tensors[i]!);
  const gradients =
    roots.length === 0 ? inputs.map(() => null) : grad(roots, inputs, { gradOutputs: seeds, allowUnused: true });
  for (const [k, i] of leaves.entries()) {
    const want = c.grads[i]!;
    const got = gradients[k] ?? fromTypedArray(new Float64Array(want.data.length), want.shape);
    const found = tensorDifference(got, want, tolerance);
    if (found !== undefined) return `gradient ${i}: ${found}`;
  }
  return undefined;
}

/** What differs in one case: the value, what was changed in place, the gradient; undefined if nothing. */
function judge(c: OpCase, call: (decoded: Decoded) => unknown, tally: Tally): string | undefined {
  const tolerance = LOOSE_OPS.test(c.op) ? LOOSE : STRICT;
  const decoded = decode(c);
  const leaves = markLeaves(c, decoded);
  const outputs = outputsOf(c, decoded, call);
  const value = difference(outputs, c.outputs, tolerance);
  if (value !== undefined) return value.replace(/^\[0\] /, "");
  for (const [place, want] of Object.entries(c.mutated ?? {})) {
    const found = tensorDifference(decoded.tensors[Number(place)]!, want, tolerance);
    if (found !== undefined) return `argument ${place} after the call: ${found}`;
  }
  if (leaves.length === 0) return undefined;
  tally.gradients++;
  const gradients = c.op.startsWith("linalg.") ? LOOSE : tolerance;
  const found = gradientDifference(c, decoded, outputs, leaves, gradients);
  if (found === undefined || c.tag !== "special") return found;
  tally.specialGradients.push(`${caseName(c)}: ${found}`);
  return undefined;
}

/** The case as it should have been recorded. */
function corrected(given: OpCase, tally: Tally): OpCase {
  let c = given;
  for (const { reason, corrected: correct } of DIFFERENCES) {
    const right = correct(c);
    if (right === undefined || JSON.stringify(right) === JSON.stringify(c)) continue;
    c = right;
    tally.known.push(`${caseName(c)}: held against the right value instead: ${reason}`);
  }
  return c;
}

function runCase(given: OpCase, call: (decoded: Decoded) => unknown, tally: Tally): void {
  const name = caseName(given);
  const absent = ABSENT.find(({ asks }) => asks(given));
  if (absent !== undefined) {
    tally.known.push(`${name}: ${absent.reason}`);
    return;
  }
  const c = corrected(given, tally);
  tally.cases++;
  let found: string | undefined;
  try {
    tidy(() => {
      found = judge(c, call, tally);
    });
  } catch (error) {
    found = (error as Error).message;
  }
  if (found !== undefined) tally.failures.push(`${name}: ${found}`);
}

function rowsOf(op: string, cases: readonly OpCase[]): Row[] {
  const tally: Tally = { cases: 0, gradients: 0, specialGradients: [], failures: [], known: [] };
  for (const c of cases) runCase(c, resolve(c)!, tally);
  const special = tally.specialGradients.map(
    (text): Row => ({ name: op, verdict: "passed", detail: `gradient at a special value differs: ${text}` }),
  );
  const failures = tally.failures.map((text): Row => ({ name: op, verdict: "failed", detail: text }));
  const known = tally.known.map((text): Row => ({ name: op, verdict: "skipped", detail: text }));
  const good = tally.cases - tally.failures.length;
  const figures = `${good} of ${tally.cases} cases, ${tally.gradients} with gradients`;
  const passed: Row[] = tally.failures.length === 0 ? [{ name: op, verdict: "passed", detail: figures }] : [];
  return [...passed, ...special, ...failures, ...known];
}

/** Every operation of the file: a row each for what passes, a row for each case that fails, one for what is not there yet. */
export async function runOpinfo(file: string, { only }: { readonly only: RegExp }): Promise<Row[]> {
  const rows: Row[] = [];
  const absent: string[] = [];
  let there = 0;
  let total = 0;
  for (const [op, cases] of await readCases(file, only)) {
    total++;
    if (cases.length === 0) continue;
    if (resolve(cases[0]!) === undefined) {
      absent.push(op);
      continue;
    }
    there++;
    rows.push(...rowsOf(op, cases));
  }
  rows.push(...absent.map((op): Row => ({ name: op, verdict: "skipped", detail: "not there yet" })));
  console.log(
    `${there} of the file's ${total} operations exist and were asked for, ${absent.length} do not exist yet\n`,
  );
  return rows;
}
