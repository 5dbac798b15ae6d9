import type { Tensor } from "./tensor.ts";

const EDGE_ITEMS = 3;
const THRESHOLD = 1000;

type Cell = number | bigint | boolean;

function flatten(value: unknown, into: Cell[]): Cell[] {
  if (Array.isArray(value)) for (const item of value) flatten(item, into);
  else into.push(value as Cell);
  return into;
}

// At most five significant digits, as many decimals as the column needs; exponents once magnitudes spread too far.
function cellFormatter(cells: readonly Cell[]): (cell: Cell) => string {
  const numbers = cells.filter((c): c is number => typeof c === "number" && Number.isFinite(c) && c !== 0);
  if (numbers.every(Number.isInteger) && numbers.every((x) => Math.abs(x) < 1e15)) return String;
  const magnitudes = numbers.map(Math.abs);
  const max = Math.max(...magnitudes);
  const min = Math.min(...magnitudes);
  const scientific = max >= 1e6 || min < 1e-4 || max / min > 1e5;
  return (cell) => {
    if (typeof cell !== "number" || !Number.isFinite(cell)) return String(cell);
    return scientific ? cell.toExponential(4) : cell.toFixed(4);
  };
}

function summarise(value: unknown, dims: number): unknown {
  if (dims === 0 || !Array.isArray(value)) return value;
  const inner = (items: readonly unknown[]) => items.map((item) => summarise(item, dims - 1));
  if (value.length <= 2 * EDGE_ITEMS) return inner(value);
  return [...inner(value.slice(0, EDGE_ITEMS)), "...", ...inner(value.slice(-EDGE_ITEMS))];
}

function layOut(value: unknown, indent: number, width: number, format: (cell: Cell) => string): string {
  if (value === "...") return value;
  if (!Array.isArray(value)) return format(value as Cell).padStart(width);
  const nested = value.some((item) => Array.isArray(item));
  const parts = value.map((item) => layOut(item, indent + 1, width, format));
  return `[${parts.join(nested ? `,\n${" ".repeat(indent + 1)}` : ", ")}]`;
}

/** `Tensor [2, 2] float32` and the values; from 1,000 elements on only the edges of each dimension. */
export function formatTensor(t: Tensor): string {
  const history = t.node === null ? (t.requiresGrad ? " requiresGrad" : "") : ` gradient of ${t.node.op.name}`;
  const head = `Tensor [${t.shape.join(", ")}] ${t.dtype}${history}`;
  if (t.disposed) return `${head} (disposed)`;
  if (t.size === 0) return `${head} (empty)`;
  const shown = t.size > THRESHOLD ? summarise(t.toArray(), t.ndim) : t.toArray();
  const cells = flatten(shown, []).filter((c) => (c as unknown) !== "...");
  const format = cellFormatter(cells);
  if (t.ndim === 0) return `${head} ${format(cells[0]!)}`;
  const width = Math.max(...cells.map((c) => format(c).length));
  return `${head}\n${layOut(shown, 0, width, format)}`;
}
