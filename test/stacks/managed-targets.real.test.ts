import { copyFile, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { estimateStack } from "../../cli/preview/estimate-stack.ts";
import { readPolicyConfig } from "../../cli/preview/policy-pack.ts";
import { platformOutputsSchema } from "../../stacks/platform-outputs.ts";
import { preview } from "../../local/engine/engine.ts";
import type { Summary } from "../../local/engine/summary.ts";
import { temporaryFolder } from "../local/engine/scripted-run.ts";
import { TARGET_ENVIRONMENTS, TARGETS, type TargetStack } from "./target-environments.ts";

const root = resolve(import.meta.dirname, "../..");

/** Returns a project with this program and the files of the stacks, in which the foundation is prepared for all targets of its cloud. */
async function projectWithTargets(stack: TargetStack): Promise<string> {
  const folder = temporaryFolder();
  for (const file of await readdir(root))
    if (/^(node_modules|package\.json|tsconfig\.json|images\..*|stacks)$/.test(file))
      await symlink(join(root, file), join(folder, file));
  await copyFile(join(root, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  await copyFile(join(root, `Pulumi.${stack}.yaml`), join(folder, `Pulumi.${stack}.yaml`));
  const foundation = `Pulumi.${stack}-foundation.yaml`;
  const document = parseDocument(await readFile(join(root, foundation), "utf8"));
  document.setIn(["config", "slipway:cloud", "targets"], TARGETS[stack]);
  await writeFile(join(folder, foundation), document.toString());
  return folder;
}

/** Plans a stack with every target of its cloud, as `npm run preview` does. */
async function plan(stack: TargetStack): Promise<Summary> {
  return preview({
    projectDir: await projectWithTargets(stack),
    stack,
    backendDir: "/nonexistent/slipway-no-backend",
    passphrase: "",
    config: { "slipway:environments": JSON.stringify(TARGET_ENVIRONMENTS[stack]) },
    policyPacks: [
      {
        path: join(root, "policy"),
        config: await readPolicyConfig(join(root, "policy/config", `${stack}.json`)),
      },
    ],
    unreachableClusters: "plan",
    absentStacks: "plan",
    env: { PATH: process.env["PATH"], HOME: "/nonexistent", KUBECONFIG: "/nonexistent" },
  });
}

/** Targets that have a price in the estimate, and targets with a note that they have none. */
const PRICED: Record<TargetStack, { priced: string[]; withoutPrice: string[] }> = {
  prod: {
    priced: ["production-pushback-configuration", "production-events-warm", "serving-encryption-key"],
    withoutPrice: ["production-events-function"],
  },
  "prod-gcp": {
    priced: ["production-web-encryption-key", "serving-redis-password-secret"],
    withoutPrice: [
      "production-pushback-endpoint",
      "production-events-run-service",
      "production-events-subscription",
      "production-events-dead-letters",
    ],
  },
  "prod-azure": {
    priced: ["production-pushback-stable", "production-pushback-canary", "production-events-plan"],
    withoutPrice: [],
  },
};

describe.each(Object.keys(PRICED) as TargetStack[])("%s with targets", (stack) => {
  test("is planned without its cloud, passes every policy, and has a price or a note that there is none", async () => {
    const summary = await plan(stack);
    expect(summary.failed).toEqual([]);
    expect(summary.policy.violations).toEqual([]);
    expect(summary.policy.packs[0]?.policies.length).toBeGreaterThan(70);
    expect(summary.ok).toBe(true);

    const { managedServices } = platformOutputsSchema.pick({ managedServices: true }).parse(summary.outputs);
    expect(managedServices.map(({ name }) => name).sort()).toEqual(
      Object.keys(TARGET_ENVIRONMENTS[stack].production.services)
        .filter((name) => name !== "in-cluster")
        .sort(),
    );

    const { now } = estimateStack(summary.steps, false, root);
    const priced = now.byResource.map(({ name }) => name);
    const withoutPrice = now.unpriced.map(({ name }) => name);
    expect(priced).toEqual(expect.arrayContaining(PRICED[stack].priced));
    expect(withoutPrice).toEqual(expect.arrayContaining(PRICED[stack].withoutPrice));
    expect(now.unpriced.filter(({ why }) => why === "unknown type" || why === "unknown value")).toEqual([]);
  });
});
