import { X509Certificate, createPrivateKey } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer } from "node:tls";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { expect, test } from "vitest";
import { silentLogger } from "../../../runtime/log.ts";
import { selfSignJob } from "../../../runtime/tls/self-sign-job.ts";
import { selfSignedCertificate } from "../../../runtime/tls/self-signed-certificate.ts";

const NOW = Date.UTC(2026, 10, 30);

test("the certificate is signed by its own key, for its name, and valid for a century", () => {
  const { key, certificate } = selfSignedCertificate("webhook", NOW);
  const parsed = new X509Certificate(certificate);
  expect(parsed.subject).toBe("CN=webhook");
  expect(parsed.issuer).toBe("CN=webhook");
  expect(parsed.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(parsed.verify(parsed.publicKey)).toBe(true);
  expect(Date.parse(parsed.validFrom)).toBe(NOW - 3600_000);
  expect(new Date(parsed.validTo).getUTCFullYear()).toBe(2126);
});

test("each one has a key and a serial number of its own", () => {
  const [first, second] = [1, 2].map(() => new X509Certificate(selfSignedCertificate("a", NOW).certificate));
  expect(first?.serialNumber).not.toBe(second?.serialNumber);
  expect(first?.fingerprint256).not.toBe(second?.fingerprint256);
});

test("a TLS server takes it, and a client reads it", async () => {
  const { key, certificate } = selfSignedCertificate("webhook", Date.now());
  const server = createServer({ key, cert: certificate }, (socket) => socket.end("hello"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: "127.0.0.1", ca: certificate, checkServerIdentity: () => undefined });
  await once(client, "secureConnect");
  expect(client.authorized).toBe(true);
  client.destroy();
  server.close();
});

test("the job writes both files into the folder", async () => {
  const folder = await mkdtemp(join(tmpdir(), "self-sign-"));
  const into = join(folder, "certs");
  try {
    await selfSignJob({
      args: ["--name", "webhook", "--folder", into],
      env: {},
      log: silentLogger,
      signal: new AbortController().signal,
    });
    expect(new X509Certificate(await readFile(join(into, "tls.crt"))).subject).toBe("CN=webhook");
    expect((await stat(join(into, "tls.key"))).mode & 0o777).toBe(0o640);
  } finally {
    await rm(folder, { recursive: true });
  }
});
