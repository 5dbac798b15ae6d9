import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { importOnnx, readOnnxTensor } from "@tenon/models";
import { fromTypedArray, noGrad, type Tensor, to, UnsupportedError } from "@tenon/numerics";
import type { Row } from "../runner/report.ts";

// ONNX's backend test cases: a folder each, with model.onnx and folders test_data_set_N holding input_K.pb and output_K.pb.

/** ONNX's own bounds (onnx/backend/test/runner): |got - want| <= absolute + relative * |want|. */
const RELATIVE = 1e-3;
const ABSOLUTE = 1e-7;

function numbersOf(t: Tensor): number[] {
  const values = t.dtype === "float16" || t.dtype === "bfloat16" ? to(t, "float32") : t;
  return Array.from(values.data() as ArrayLike<number | bigint>, Number);
}

/** How the tensors differ, in words, or undefined. */
function difference(name: string, got: Tensor, want: Tensor): string | undefined {
  const described = (t: Tensor) => `${t.dtype} [${t.shape}]`;
  if (described(got) !== described(want)) return `${name} is ${described(got)}, should be ${described(want)}`;
  const a = numbersOf(got);
  const b = numbersOf(want);
  const at = b.findIndex(
    (y, i) => !Object.is(a[i], y) && !(Math.abs(a[i]! - y) <= ABSOLUTE + RELATIVE * Math.abs(y)) && a[i] !== y,
  );
  return at < 0 ? undefined : `${name} is ${a[at]} at ${at}, should be ${b[at]}`;
}

async function readTensors(folder: string, prefix: string): Promise<Tensor[]> {
  const tensors: Tensor[] = [];
  for (let i = 0; existsSync(join(folder, `${prefix}_${i}.pb`)); i++) {
    const { data, shape, dtype } = await readOnnxTensor(join(folder, `${prefix}_${i}.pb`));
    tensors.push(fromTypedArray(data, shape, dtype));
  }
  return tensors;
}

async function runCase(folder: string): Promise<string | undefined> {
  const model = await importOnnx(join(folder, "model.onnx"));
  const sets = readdirSync(folder).filter((name) => name.startsWith("test_data_set_"));
  for (const set of sets) {
    const inputs = await readTensors(join(folder, set), "input");
    const wanted = await readTensors(join(folder, set), "output");
    const result = noGrad(() => model.eval()(...inputs));
    const got = Array.isArray(result) ? result : [result];
    for (const [i, want] of wanted.entries()) {
      const wrong = difference(model.outputNames[i] ?? `output ${i}`, got[i]!, want);
      if (wrong !== undefined) return wrong;
    }
  }
  return undefined;
}

async function rowOf(name: string, folder: string): Promise<Row> {
  try {
    const wrong = await runCase(folder);
    return { name, verdict: wrong === undefined ? "passed" : "failed", detail: wrong ?? "" };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { name, verdict: error instanceof UnsupportedError ? "skipped" : "failed", detail };
  }
}

/** Imports and runs every case below `dir`; what Tenon has no operator or element type for is skipped with that reason. */
export async function runOnnx(dir: string, { only }: { readonly only: RegExp }): Promise<Row[]> {
  const rows: Row[] = [];
  for (const name of readdirSync(dir).sort()) {
    if (only.test(name) && existsSync(join(dir, name, "model.onnx"))) rows.push(await rowOf(name, join(dir, name)));
  }
  return rows;
}
