import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createCheckout, type WorkflowCheckout } from "./workflow-checkout.ts";

describe("the commands of the workflows", () => {
  let checkout: WorkflowCheckout;
  beforeAll(async () => {
    checkout = await createCheckout();
  }, 120_000);
  afterEach(() => checkout.clearStubs());
  afterAll(() => checkout.remove());

  it("previews a pull request without credentials, for the comment and the summary", async () => {
    const summary = join(checkout.folder, "summary.md");
    const { status, stderr } = checkout.runStep("preview.yml", '--base "$BASE"', {
      BASE: "HEAD",
      GITHUB_STEP_SUMMARY: summary,
    });
    expect([0, 3], String(stderr)).toContain(status);
    const comment = readFileSync(join(checkout.folder, "preview.md"), "utf8");
    expect(comment).toContain("| **prod** |");
    expect(comment).toContain("Nothing changes.");
    expect(readFileSync(summary, "utf8")).toContain("| **prod** |");
  }, 600_000);

  it("changes a digest, and refuses what is none", () => {
    const env = { STACK: "prod", SERVICE: "production/pushback", DIGEST: `sha256:${"ab".repeat(32)}` };
    const { status, stdout } = checkout.runStep("promote.yml", "bootstrap.mjs pin", env);
    expect(status, String(stdout)).toBe(0);
    expect(readFileSync(join(checkout.folder, "Pulumi.prod.yaml"), "utf8")).toContain(env.DIGEST);
    expect(checkout.runStep("promote.yml", "bootstrap.mjs pin", { ...env, DIGEST: "$(id)" }).status).toBe(2);
  });

  it("lists one stack or all, foundations apart from platforms", async () => {
    const output = join(checkout.folder, "output");
    const list = async (env: Record<string, string>): Promise<string> => {
      await writeFile(output, "");
      expect(checkout.runStep("up.yml", "jq", { GITHUB_OUTPUT: output, ...env }).status).toBe(0);
      return readFileSync(output, "utf8").trim();
    };
    const ALL = JSON.stringify([
      "prod",
      "prod-foundation",
      "prod-gcp",
      "prod-gcp-foundation",
      "prod-azure-foundation",
    ]);
    expect(await list({ ONE: "", ALL })).toBe(
      'foundations=["prod-foundation","prod-gcp-foundation","prod-azure-foundation"]\nplatforms=["prod","prod-gcp"]',
    );
    expect(await list({ ONE: "dev", ALL: "" })).toBe('foundations=[]\nplatforms=["dev"]');
    expect(checkout.runStep("up.yml", "jq", { GITHUB_OUTPUT: output, ONE: "prd", ALL: "" }).status).not.toBe(
      0,
    );
  });

  it("deploys the merged lock, also if mirror has written missing digests into it", async () => {
    await checkout.stub(
      "npm",
      '[ "$2 $3 $4 $5" = "mirror -- --stack prod" ] && echo "{}" > images.prod.lock.json',
    );
    const before = readFileSync(join(checkout.folder, "images.prod.lock.json"), "utf8");
    expect(checkout.runStep("up.yml", "npm run mirror", { STACK: "prod" }).status).toBe(0);
    expect(readFileSync(join(checkout.folder, "images.prod.lock.json"), "utf8")).toBe(before);
    await checkout.stub("npm", "exit 1");
    expect(checkout.runStep("up.yml", "npm run mirror", { STACK: "prod" }).status).toBe(1);
  });

  it("passes the policy config that a stack has", async () => {
    const output = join(checkout.folder, "output");
    for (const [STACK, expected] of [
      ["prod-foundation", "config=policy/config/prod-foundation.json\n"],
      ["dev", ""],
    ] as const) {
      await writeFile(output, "");
      expect(checkout.runStep("up.yml", "policy/config", { GITHUB_OUTPUT: output, STACK }).status).toBe(0);
      expect(readFileSync(output, "utf8")).toBe(expected);
    }
  });
});
