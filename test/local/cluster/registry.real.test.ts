import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { CLUSTER_PACKAGES } from "../../../local/cluster/cluster-up.ts";
import { gateConfig, storeConfig } from "../../../local/cluster/registry.ts";
import { silentProgress } from "../../../local/progress.ts";
import { runCommand } from "../../../local/run-command.ts";
import { ensureApt } from "../../../local/tools/apt.ts";
import { registryClient } from "../../../runtime/artifacts/registry-client.ts";
import { freePort } from "../../runtime/support/redis-process.ts";

const writer = { username: "slipway", password: "for-this-test-only" };
const reader = { username: "slipway-reader", password: "only-to-read" };
const programs: ChildProcess[] = [];
let folder: string;
let url: string;

beforeAll(async () => {
  await ensureApt(silentProgress, CLUSTER_PACKAGES, "the registry of the local cluster");
  folder = await mkdtemp(join(tmpdir(), "slipway-registry-"));
  const address = `127.0.0.1:${await freePort()}`;
  const store = `127.0.0.1:${await freePort()}`;
  url = `http://${address}`;
  const file = (name: string): string => join(folder, name);
  const lines = await Promise.all(
    [writer, reader].map(async ({ username, password }) =>
      (await runCommand("htpasswd", ["-inB", username], { input: password })).trim(),
    ),
  );
  await writeFile(file("htpasswd"), lines.join("\n"));
  await writeFile(file("registry.yml"), storeConfig(store, file("data"), file("htpasswd")));
  await writeFile(file("gate.cfg"), gateConfig({ address, store, writers: lines.slice(0, 1) }));
  for (const [program, ...args] of [
    ["docker-registry", "serve", file("registry.yml")],
    ["haproxy", "-db", "-f", file("gate.cfg")],
  ])
    programs.push(spawn(program!, args, { stdio: "ignore" }));
  await vi.waitFor(async () => expect(await status("GET", "/v2/")).toBe(401), { timeout: 20_000 });
});

afterAll(async () => {
  for (const program of programs) {
    program.kill("SIGKILL");
    await once(program, "exit");
  }
  await rm(folder, { recursive: true, force: true });
});

async function status(
  method: string,
  path: string,
  account?: { username: string; password: string },
): Promise<number | undefined> {
  const headers: Record<string, string> =
    account === undefined
      ? {}
      : {
          authorization: `Basic ${Buffer.from(`${account.username}:${account.password}`).toString("base64")}`,
        };
  const answer = await fetch(url + path, { method, headers }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.status;
}

function sha256(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

describe("the local registry", () => {
  const model = join(tmpdir(), `slipway-registry-${process.pid}.txt`);
  const blob = { digest: sha256("a model"), size: 7 };
  afterAll(() => rm(model, { force: true }));

  it("takes what the writer pushes, and gives it to the reader", async () => {
    await registryClient({ url, credentials: writer }).pushBlob(
      "team/model",
      blob.digest,
      Buffer.from("a model"),
    );
    await registryClient({ url, credentials: reader }).pullBlob("team/model", blob, model);
    expect(await readFile(model, "utf8")).toBe("a model");
  });

  it("refuses what the reader pushes", async () => {
    const client = registryClient({ url, credentials: reader });
    const pushed = client.pushBlob("team/model", sha256("another"), Buffer.from("another"));
    await expect(pushed).rejects.toThrow("403");
  });

  const wrong = { username: "slipway", password: "guessed" };
  it.each([
    ["GET", "/v2/", undefined, 401],
    ["GET", "/v2/", wrong, 401],
    ["GET", "/v2/", reader, 200],
    ["POST", "/v2/team/model/blobs/uploads/", undefined, 401],
    ["POST", "/v2/team/model/blobs/uploads/", wrong, 403],
    ["POST", "/v2/team/model/blobs/uploads/", reader, 403],
    ["POST", "/v2/team/model/blobs/uploads/", writer, 202],
    ["PUT", "/v2/team/model/manifests/champion", reader, 403],
    ["PATCH", "/v2/team/model/blobs/uploads/1", reader, 403],
    ["DELETE", `/v2/team/model/manifests/sha256:${"0".repeat(64)}`, reader, 403],
    ["DELETE", `/v2/team/model/manifests/sha256:${"0".repeat(64)}`, writer, 404],
  ])("answers %s %s of %o with %i", async (method, path, account, expected) => {
    expect(await status(method, path, account)).toBe(expected);
  });
});
