const WIDTH = 720;
const HEIGHT = 360;
const LEFT = 56;
const BOTTOM = 44;
const TOP = 40;
const RIGHT = 16;

/** Round numbers between low and high, about `count` of them. */
export function ticks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? rough;
  const out: number[] = [];
  for (let x = Math.ceil(low / step) * step; x <= high + step * 1e-9; x += step) out.push(Number(x.toPrecision(12)));
  return out;
}

/** Means of runs of `length` values, and the position of each run's middle. */
function smooth(values: readonly number[], length: number): { at: number; value: number }[] {
  const out: { at: number; value: number }[] = [];
  for (let i = 0; i < values.length; i += length) {
    const run = values.slice(i, i + length);
    out.push({ at: i + run.length / 2, value: run.reduce((a, b) => a + b, 0) / run.length });
  }
  return out;
}

/** The training loss over the steps as an SVG picture: single steps pale, their running mean strong. */
export function lossCurve(losses: readonly number[], title: string): string {
  const fine = smooth(losses, Math.max(1, Math.ceil(losses.length / 600)));
  const mean = smooth(losses, Math.max(1, Math.ceil(losses.length / 60)));
  const high = Math.max(...fine.map((p) => p.value)) * 1.05;
  const x = (step: number) => LEFT + (step / Math.max(1, losses.length)) * (WIDTH - LEFT - RIGHT);
  const y = (loss: number) => HEIGHT - BOTTOM - (loss / high) * (HEIGHT - BOTTOM - TOP);
  const points = (list: typeof fine) => list.map((p) => `${x(p.at).toFixed(1)},${y(p.value).toFixed(1)}`).join(" ");
  const rows = ticks(0, high, 5).map(
    (v) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(v)}" y2="${y(v)}" stroke="#e4e4e4"/>` +
      `<text x="${LEFT - 8}" y="${y(v) + 4}" text-anchor="end">${v}</text>`,
  );
  const columns = ticks(0, losses.length, 6).map(
    (v) => `<text x="${x(v)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${v}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#444">
<rect width="100%" height="100%" fill="white"/>
<text x="${LEFT}" y="24" font-size="15" fill="#111">${title}</text>
${rows.join("\n")}
${columns.join("\n")}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">step</text>
<polyline points="${points(fine)}" fill="none" stroke="#9ecae1" stroke-width="1"/>
<polyline points="${points(mean)}" fill="none" stroke="#08519c" stroke-width="2.5" stroke-linejoin="round"/>
</svg>
`;
}
