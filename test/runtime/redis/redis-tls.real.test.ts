import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "../../../local/run-command.ts";
import type { FeatureStoreEnv } from "../../../runtime/contract/env.ts";
import { connectOnlineStore, type OnlineStore } from "../../../runtime/features/online-store.ts";
import { freePort } from "../support/redis-process.ts";

const view = { name: "origin-weather", entity: ["origin"], ttlSeconds: null, features: ["temp", "wind"] };
const password = "for-this-test-only";

/** An authority, and with it a certificate for `localhost` that has nothing of 127.0.0.1; or one that has a common name alone. */
async function certificates(folder: string, authority: string, commonName?: string): Promise<void> {
  const path = (name: string): string => join(folder, `${authority}-${name}`);
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const ca = [
    "-x509",
    "-days",
    "2",
    "-subj",
    `/CN=${authority}`,
    "-keyout",
    path("ca.key"),
    "-out",
    path("ca.crt"),
  ];
  await runCommand("openssl", ["req", ...curve, ...ca]);
  const subject = `/CN=${commonName ?? "localhost"}`;
  const names = commonName === undefined ? ["-addext", "subjectAltName=DNS:localhost"] : [];
  const request = ["-subj", subject, "-keyout", path("key.pem"), "-out", path("csr.pem")];
  await runCommand("openssl", ["req", ...curve, ...request, ...names]);
  const sign = ["-CA", path("ca.crt"), "-CAkey", path("ca.key"), "-CAcreateserial", "-days", "2"];
  const signed = ["-copy_extensions", "copy", "-in", path("csr.pem"), "-out", path("cert.pem")];
  await runCommand("openssl", ["x509", "-req", ...sign, ...signed]);
}

describe("a Redis that speaks TLS alone and asks for a password", () => {
  let folder: string;
  let port: number;
  const servers: ChildProcess[] = [];
  const stores: OnlineStore[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "redis-tls-"));
    await certificates(folder, "ours");
    await certificates(folder, "theirs");
    await certificates(folder, "address", "127.0.0.1");
    port = await freePort();
    await start("ours", port);
    await answers(connect({}));
  });
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    for (const server of servers) server.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  async function start(authority: string, tlsPort: number): Promise<void> {
    const files = { cert: "cert.pem", key: "key.pem", "ca-cert": "ca.crt" };
    const tls = Object.entries(files).flatMap(([flag, file]) => [
      `--tls-${flag}-file`,
      join(folder, `${authority}-${file}`),
    ]);
    const flags = ["--port", "0", "--tls-port", String(tlsPort), "--tls-auth-clients", "no", "--save", ""];
    const server = spawn("redis-server", [...flags, ...tls, "--requirepass", password], { stdio: "ignore" });
    servers.push(server);
    await once(server, "spawn");
  }

  async function answers(store: OnlineStore): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      if (await store.getMany(view, [["JFK"]], 0).catch(() => undefined)) return;
      await sleep(50);
    }
    throw new Error("redis-server did not answer in 5 s");
  }

  function connect(env: Partial<FeatureStoreEnv>): OnlineStore {
    const store = connectOnlineStore(
      {
        SLIPWAY_FEATURE_STORE_URL: `rediss://localhost:${port}`,
        SLIPWAY_FEATURE_STORE_PASSWORD: password,
        SLIPWAY_FEATURE_STORE_CA: join(folder, "ours-ca.crt"),
        ...env,
      },
      "w",
      { timeoutMs: 5000 },
    );
    stores.push(store);
    return store;
  }
  const read = (env: Partial<FeatureStoreEnv>): Promise<unknown> =>
    connect(env).getMany(view, [["JFK"]], 2000);

  it("gives back what was written, with the authority's certificate from a file or from the variable", async () => {
    const record = { eventTimeMs: 1000, knownAtMs: 1000, values: Float32Array.of(1.5, 2.5) };
    await connect({}).putMany(view, [{ entity: ["JFK"], record }], 60);
    const pem = await readFile(join(folder, "ours-ca.crt"), "utf8");
    for (const ca of [join(folder, "ours-ca.crt"), pem])
      expect(await read({ SLIPWAY_FEATURE_STORE_CA: ca })).toEqual([
        { status: "hit", eventTimeMs: 1000, values: record.values },
      ]);
  });

  it.each([
    ["another authority", "theirs-ca.crt"],
    ["no authority but the public ones", undefined],
  ])("is refused with %s, and the error says which variable to set", async (_, file) => {
    const refused = read({ SLIPWAY_FEATURE_STORE_CA: file === undefined ? undefined : join(folder, file) });
    await expect(refused).rejects.toThrow(
      /^feature store: read failed: its certificate is not signed by a trusted authority \([A-Z_]+\): set SLIPWAY_FEATURE_STORE_CA/,
    );
  });

  it("is refused under a name that its certificate does not have", async () => {
    const refused = read({ SLIPWAY_FEATURE_STORE_URL: `rediss://127.0.0.1:${port}` });
    await expect(refused).rejects.toThrow("its certificate is for another host");
  });

  it("answers at an address that is its certificate's common name, as managed ones are reached", async () => {
    const address = await freePort();
    await start("address", address);
    const SLIPWAY_FEATURE_STORE_URL = `rediss://127.0.0.1:${address}`;
    await answers(
      connect({ SLIPWAY_FEATURE_STORE_URL, SLIPWAY_FEATURE_STORE_CA: join(folder, "address-ca.crt") }),
    );
  });

  it("refuses a wrong password, which the error does not repeat", async () => {
    const refused = read({ SLIPWAY_FEATURE_STORE_PASSWORD: "not-the-password" });
    await expect(refused).rejects.toThrow(/WRONGPASS/);
    await expect(refused).rejects.not.toThrow(/not-the-password/);
  });

  it("does not answer without TLS", async () => {
    const plain = {
      SLIPWAY_FEATURE_STORE_URL: `redis://localhost:${port}`,
      SLIPWAY_FEATURE_STORE_CA: undefined,
    };
    await expect(read(plain)).rejects.toThrow(/^feature store: read failed/);
  });
});
