import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openArtifacts } from "../../../operations/backup/open-artifacts.ts";

const DIGEST = `sha256:${"7".repeat(64)}`;
const FILES = {
  team: `config:
  slipway:cluster: { kind: existing, context: theirs }
  slipway:registry: { kind: existing, host: registry.example.com, prefix: ml }
  slipway:images: { lockFile: l.json }
  slipway:alerts: { receiver: slack, slackUrl: "https://hooks.slack.com/x" }
  slipway:environments:
    production: { services: { pushback: { workload: flight-delays, model: { digest: "${DIGEST}" } } } }
`,
  idle: `config:
  slipway:registry: { kind: local, host: 10.88.0.1:5000, credentialsFile: auth.json }
  slipway:environments: { production: {} }
`,
  base: `config:
  slipway:cluster: { kind: eks, account: "123456789012", region: eu-central-1 }
  slipway:cloud: { prefix: acme, tags: { owner: me, environment: prod }, budget: { monthlyUsd: 100, emails: [a@example.com] } }
  slipway:registry: { kind: ecr }
  slipway:images: { lockFile: l.json }
`,
};

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "slipway-artifacts-"));
  for (const [stack, text] of Object.entries(FILES))
    await writeFile(join(root, `Pulumi.${stack}.yaml`), text);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const open = (stack: string): ReturnType<typeof openArtifacts> =>
  openArtifacts(root, { stack }, { DOCKER_CONFIG: root });

describe("openArtifacts", () => {
  it("names the registry, every repository of the workloads, and the models that the file pins", async () => {
    const { registry, repositories, pinned, local, registryKind } = await open("team");
    expect(registry.name).toBe("registry.example.com/ml");
    expect(repositories).toContain("flight-delays/dataset");
    expect(repositories).toContain("flight-delays/two-hours-before/candidate");
    expect(pinned).toEqual([{ repository: "flight-delays/pushback/model", digest: DIGEST }]);
    expect([local, registryKind]).toEqual([false, "existing"]);
  });

  it("refuses a foundation, and a stack without workloads", async () => {
    await expect(open("base")).rejects.toThrow("--stack base: it is a foundation");
    await expect(open("idle")).rejects.toThrow("--stack idle: it has no workloads");
  });
});
