import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { camelCase } from "./lookup.ts";
import { runTrajectories } from "./trajectories.ts";

// Written by tools/fixtures/trajectories.py with PyTorch 1.13.
const fixtures = fileURLToPath(new URL("./fixtures/trajectories/", import.meta.url));

describe("the trajectories runner", () => {
  let copy: string;
  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), "tenon-"));
    await cp(fixtures, copy, { recursive: true });
  });
  afterAll(() => rm(copy, { recursive: true }));

  async function change(file: string, edit: (text: string) => string): Promise<void> {
    const path = join(copy, "tiny-sgd", file);
    await writeFile(path, edit(await readFile(path, "utf8")));
  }

  it("arrives where PyTorch arrived, from both kinds of checkpoint", async () => {
    const rows = await runTrajectories(fixtures);
    expect(rows.map(({ name, verdict }) => [name, verdict])).toEqual([
      ["tiny-sgd", "passed"],
      ["tiny-sgd/pth", "passed"],
    ]);
    expect(await runTrajectories(fixtures, { only: /pth$/ })).toHaveLength(1);
  });

  it("fails a run whose losses are others", async () => {
    await change("expected.json", (text) => text.replace(/("losses": \[\s*)[\d.]+/, "$10.5"));
    const [row] = await runTrajectories(copy);
    expect(row).toMatchObject({ verdict: "failed", detail: expect.stringMatching(/above the bound: losses/) });
  });

  it("names what it has to skip", async () => {
    await change("case.json", (text) => text.replace('"type": "SGD"', '"type": "Sophia"'));
    const [row] = await runTrajectories(copy);
    expect(row).toMatchObject({ verdict: "skipped", detail: "@tenon/train has no Sophia yet" });
  });
});

it("PyTorch's names become ours", () => {
  expect(["weight_decay", "T_max", "T_0", "max_pool2d", "lr"].map(camelCase)).toEqual([
    "weightDecay",
    "tMax",
    "t0",
    "maxPool2d",
    "lr",
  ]);
});
