import { encode } from "fast-png";

export interface Prediction {
  /** Pixels, row by row, red green blue. */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly predicted: string;
  readonly actual: string;
  /** Probability of the predicted class. */
  readonly confidence: number;
}

const TILE = 96;
const CELL_WIDTH = 132;
const CELL_HEIGHT = 146;
const COLUMNS = 6;

function escapeText(text: string): string {
  return text.replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** Images with what the network takes them for, as an SVG picture: right in green, wrong in red with the true class. */
export function predictionSheet(predictions: readonly Prediction[], title: string): string {
  const rows = Math.ceil(predictions.length / COLUMNS);
  const cells = predictions.map((p, i) => {
    const x = (i % COLUMNS) * CELL_WIDTH + CELL_WIDTH / 2;
    const y = 40 + Math.floor(i / COLUMNS) * CELL_HEIGHT;
    const png = encode({ width: p.width, height: p.height, data: p.pixels, channels: 3, depth: 8 });
    const right = p.predicted === p.actual;
    const caption = `${p.predicted} ${(100 * p.confidence).toFixed(0)} %`;
    return [
      `<image x="${x - TILE / 2}" y="${y}" width="${TILE}" height="${TILE}" image-rendering="pixelated" href="data:image/png;base64,${Buffer.from(png).toString("base64")}"/>`,
      `<text x="${x}" y="${y + TILE + 16}" text-anchor="middle" fill="${right ? "#1a7f37" : "#cf222e"}">${escapeText(caption)}</text>`,
      right
        ? ""
        : `<text x="${x}" y="${y + TILE + 31}" text-anchor="middle" fill="#666">is ${escapeText(p.actual)}</text>`,
    ].join("\n");
  });
  const width = COLUMNS * CELL_WIDTH;
  const height = 40 + rows * CELL_HEIGHT;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
<text x="18" y="24" font-size="15" fill="#111">${escapeText(title)}</text>
${cells.join("\n")}
</svg>
`;
}
