import { afterEach, beforeEach, expect, it } from "vitest";
import { withRepositoryFix } from "../../../cli/mirror/repository-fix.ts";
import { digestOf } from "../../../runtime/artifacts/digest.ts";
import { registryClient, type RegistryClient } from "../../../runtime/artifacts/registry-client.ts";
import { registryServer, type RegistryServer } from "../../runtime/support/registry-server.ts";

/** Answers as a registry does that makes no repository on a push: nothing is there, and nothing can be begun. */
let server: RegistryServer;
let status: number;
beforeEach(async () => {
  status = 404;
  const body = '{"errors":[{"code":"NAME_UNKNOWN","message":"there is no such repository"}]}';
  server = await registryServer(({ method }) => ({ status: method === "HEAD" ? 404 : status, body }));
});
afterEach(() => server.close());

const bytes = Buffer.from("layer");
const target = (kind: string, command: "mirror" | "restore" = "mirror"): RegistryClient =>
  withRepositoryFix(registryClient({ url: server.url, retries: 0 }), {
    kind,
    stack: "prod",
    command,
    ...(command === "mirror" ? { owner: "prod-foundation" } : {}),
  });
const push = (kind: string): Promise<void> =>
  target(kind).pushBlob("slipway/redis", digestOf(bytes), new Uint8Array(bytes));

it("says that the stack makes the repositories of a cloud that makes none on a push", async () => {
  const rest =
    "creates none on a push: deploy the foundation first (pulumi up --stack prod-foundation), and run npm run mirror -- --stack prod again";
  const name = server.url.replace("http://", "");
  await expect(push("ecr")).rejects.toThrow(
    `mirror: ${name} must have a repository slipway/redis, got none; Amazon ECR ${rest}`,
  );
  await expect(push("artifact-registry")).rejects.toThrow(`got none; Artifact Registry ${rest}`);
});

it("names the command that has to be run again", async () => {
  const pushed = target("ecr", "restore").pushBlob("a/model", digestOf(bytes), new Uint8Array(bytes));
  await expect(pushed).rejects.toThrow(
    /^restore: .*bring up the registry of stack prod first, and run npm run restore -- --stack prod again$/,
  );
});

it("says of a registry that no stack makes that it has to have the repository", async () => {
  await expect(push("existing")).rejects.toThrow(
    "must have a repository slipway/redis, got none; create it first, or let the registry create repositories on a push",
  );
});

it("explains a manifest that is refused too, where all blobs were there", async () => {
  await expect(target("ecr").putManifest("slipway/redis", "7", new Uint8Array(bytes))).rejects.toThrow(
    "must have a repository slipway/redis",
  );
});

it("leaves other refusals, and what is looked for and not there, as they are", async () => {
  expect(await target("ecr").getManifest("slipway/redis", "7")).toBeUndefined();
  status = 403;
  await expect(push("ecr")).rejects.toThrow(/^registry: push blob .*status 403/);
});
