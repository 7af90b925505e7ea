import { createHash } from "node:crypto";
import { join } from "node:path";
import { lineProgress } from "../../../../local/progress.ts";
import { goTool } from "../../../../local/tools/go-tool.ts";
import { awsEncoded, signedHeaders, type AwsKeys } from "../../../../runtime/artifacts/cloud/sigv4.ts";
import { startStore, type StoreProcess } from "./store-process.ts";

export const ROOT: AwsKeys = { accessKeyId: "slipway-root", secretAccessKey: "r00t-s3cret" };

export interface Minio extends StoreProcess {
  /** Sends a signed request: `PUT` of a path such as `/bucket` or `/bucket/key`. Throws unless it succeeds. */
  send(method: "PUT" | "DELETE", path: string, body?: string, query?: string): Promise<void>;
}

/** Starts MinIO, which is built the first time. */
export async function startMinio(): Promise<Minio> {
  const { bin } = await goTool(lineProgress(), "minio");
  const server = await startStore((port, folder) => ({
    program: join(bin, "minio"),
    args: ["server", "--quiet", "--address", `127.0.0.1:${port}`, "--console-address", "127.0.0.1:0", folder],
    env: {
      MINIO_ROOT_USER: ROOT.accessKeyId,
      MINIO_ROOT_PASSWORD: ROOT.secretAccessKey,
      MINIO_BROWSER: "off",
      MINIO_SITE_REGION: "us-east-1",
    },
  }));
  return {
    ...server,
    async send(method, path, body = "", query = "") {
      const url = `${server.url}${path.split("/").map(awsEncoded).join("/")}${query}`;
      const headers = { "x-amz-content-sha256": createHash("sha256").update(body).digest("hex") };
      const request = { method, url, service: "s3", region: "us-east-1", headers, body };
      const answer = await fetch(url, {
        method,
        headers: signedHeaders(request, ROOT, new Date()),
        body: body === "" ? null : body,
      });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    },
  };
}
