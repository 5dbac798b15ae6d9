import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChecksumError, FileError } from "@tenon/numerics";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Checksum } from "./checksum.ts";
import { download } from "./download.ts";

const body = Uint8Array.from({ length: 300_000 }, (_, i) => i * 7);
const checksum: Checksum = `md5:${createHash("md5").update(body).digest("hex")}`;
const requests: string[] = [];

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { range } = request.headers;
  requests.push(`${request.url}${range === undefined ? "" : ` ${range}`}`);
  if (request.url === "/missing") response.writeHead(404).end();
  else if (request.url === "/wrong") response.end(body.subarray(1));
  else if (request.url === "/cut") {
    response.writeHead(200, { "content-length": body.length });
    response.write(body.subarray(0, 100_000), () => response.destroy());
  } else if (range !== undefined && request.url === "/file") {
    const from = Number(/\d+/.exec(range)![0]);
    response.writeHead(206, { "content-length": body.length - from }).end(body.subarray(from));
  } else response.writeHead(200, { "content-length": body.length }).end(body);
}

let server: Server;
let base: string;
let folder: string;
let path: string;

beforeAll(async () => {
  server = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = mkdtempSync(join(tmpdir(), "tenon-download-"));
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

let count = 0;
beforeEach(() => {
  requests.length = 0;
  path = join(folder, `new-${count++}`, "file.bin");
});

const received = () => Buffer.compare(readFileSync(path), body);

describe("download", () => {
  it("writes the file, reports progress and leaves nothing else", async () => {
    const progress: number[] = [];
    await download([`${base}/file`], path, {
      checksum,
      onProgress: ({ received, total }) => progress.push(received / total!),
    });
    expect(received()).toBe(0);
    expect(progress.at(-1)).toBe(1);
    expect(existsSync(`${path}.part`)).toBe(false);
  });

  it("falls through to the next mirror when one has nothing, cuts off or has another file", async () => {
    const urls = ["/missing", "/wrong", "/cut", "/file"].map((name) => base + name);
    await download(["http://127.0.0.1:1/none", ...urls], path, { checksum });
    expect(received()).toBe(0);
    // What the broken connection left is not thrown away.
    expect(requests.at(-1)).toMatch(/^\/file bytes=\d+-$/);
  });

  it("continues an interrupted download", async () => {
    await expect(download([`${base}/cut`], path, { checksum })).rejects.toThrow(FileError);
    expect(existsSync(path)).toBe(false);
    await download([`${base}/file`], path, { checksum });
    expect(requests[1]).toMatch(/bytes=\d+-/);
    expect(received()).toBe(0);
  });

  it("starts again where the server does not continue, or where the part was of another file", async () => {
    await expect(download([`${base}/cut`], path, { checksum })).rejects.toThrow(FileError);
    await download([`${base}/whole`], path, { checksum });
    expect(received()).toBe(0);
    rmSync(path);
    writeFileSync(`${path}.part`, "another file's beginning");
    await download([`${base}/file`], path, { checksum });
    expect(received()).toBe(0);
    expect(requests.slice(-2)).toEqual(["/file bytes=24-", "/file"]);
  });

  it("names every address and reason when no mirror has the file", async () => {
    const failure = download([`${base}/missing`, "http://127.0.0.1:1/none"], path);
    await expect(failure).rejects.toThrow(FileError);
    await expect(failure).rejects.toThrow(/missing: HTTP 404.*none: .*put the file at .*file\.bin by hand/);
  });

  it("refuses a file with another sum and keeps nothing of it", async () => {
    await expect(download([`${base}/wrong`], path, { checksum })).rejects.toThrow(ChecksumError);
    expect([existsSync(path), existsSync(`${path}.part`)]).toEqual([false, false]);
  });

  it("stops when it is aborted", async () => {
    const abort = new AbortController();
    const running = download([`${base}/file`], path, {
      signal: abort.signal,
      onProgress: () => abort.abort(new Error("enough")),
    });
    await expect(running).rejects.toThrow("enough");
    expect(existsSync(path)).toBe(false);
  });

  it("says which path cannot be written", async () => {
    const blocked = join(folder, "a-file");
    writeFileSync(blocked, "");
    await expect(download([`${base}/file`], join(blocked, "below"))).rejects.toThrow(/cannot make the folder.*a-file/);
  });
});
