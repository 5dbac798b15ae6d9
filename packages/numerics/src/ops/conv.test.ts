import { execFile } from "node:child_process";
import { describe, expect, it } from "vitest";

/** Products and convolutions large enough for threads, forward and backward; prints the threads and a hash of all bits. */
const PROGRAM = `
import { createHash } from "node:crypto";
import { backend, conv2d, linear, manualSeed, matmul, rand } from ${JSON.stringify(new URL("../index.ts", import.meta.url).href)};
const hash = createHash("sha256");
const add = (t) => hash.update(t.data());
manualSeed(1);
for (const dtype of ["float32", "float64"]) {
  const make = (...shape) => rand(shape, { dtype }).requiresGrad_();
  const convolve = (x, w, options) => {
    const inputs = [make(...x), make(...w), make(w[0])];
    const y = conv2d(...inputs, options);
    y.backward(rand(y.shape, { dtype }));
    for (const t of [y, ...inputs.map((input) => input.grad)]) add(t);
  };
  convolve([32, 3, 32, 32], [6, 3, 5, 5], {});
  convolve([8, 64, 16, 16], [64, 64, 3, 3], { padding: 1 });
  convolve([4, 64, 9, 9], [64, 1, 3, 3], { groups: 64, stride: 2 });
  convolve([1, 64, 14, 14], [96, 64, 3, 3], { padding: 1 });
  for (const [m, n, k] of [[256, 256, 256], [1, 1024, 1024], [1024, 1, 1024], [32, 1000, 777]]) {
    const [a, b] = [rand([m, k], { dtype }), rand([k, n], { dtype })];
    add(matmul(a, b));
    add(linear(a, rand([n, k], { dtype })));
    if (dtype === "float32") add(matmul(a, b, { precision: "high" }));
  }
}
console.log(backend().threads, hash.digest("hex"));
`;

function run(threads: string): Promise<string> {
  const args = ["--import", "tsx", "--conditions=@tenon/source", "--input-type=module", "-e", PROGRAM];
  const env = { ...process.env, TENON_THREADS: threads };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { env, timeout: 60_000 }, (error, out) =>
      error === null ? resolve(out.trim()) : reject(error),
    );
  });
}

describe("matrix products and convolutions", () => {
  it("give the same bits for any number of threads", async () => {
    const hashes = new Set<string>();
    for (const threads of ["1", "2", "5"]) {
      const [used, hash] = (await run(threads)).split(" ");
      expect(used).toBe(threads);
      hashes.add(hash!);
    }
    expect(hashes.size).toBe(1);
  }, 180_000);
});
