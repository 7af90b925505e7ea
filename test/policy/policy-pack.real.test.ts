import { cpSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { preview } from "../../local/engine/engine.ts";
import { PolicyPackError } from "../../local/engine/policy/policy-violation.ts";
import type { Summary } from "../../local/engine/summary.ts";
import { rules } from "../../policy/rules.ts";
import { temporaryFolder } from "../local/engine/scripted-run.ts";
import { violations } from "./violations/violations.ts";

const root = path.resolve(import.meta.dirname, "../..");

const ADVISORY = ["platform-kubernetes-version-ends", "platform-cost-known"];

const CONFIG: Record<string, Record<string, unknown>> = {
  "platform-cost-ceiling": { monthlyUsd: 1 },
  ...Object.fromEntries(violations.flatMap(({ policy, config }) => (config ? [[policy, config]] : []))),
};
// An API server that is open to all is no private cluster either: exempt, so that one policy alone is left to speak.
CONFIG["azure-aks-private"] = {
  ...CONFIG["azure-aks-private"],
  exemptions: [{ urn: "*::azure-aks-api-server-ranges", reason: "is about ranges", expires: "2999-12-31" }],
};

function run(config: Record<string, string>, pack = path.join(root, "policy")): Promise<Summary> {
  return preview({
    projectDir: path.join(import.meta.dirname, "violations/program"),
    stack: "test",
    backendDir: temporaryFolder(),
    passphrase: "correct horse",
    config: { password: "hunter2 in disguise", "aws:region": "eu-central-1", ...config },
    policyPacks: [{ path: pack, config: CONFIG }],
    unreachableClusters: "plan",
    env: { ...process.env, KUBECONFIG: "/nonexistent" },
  });
}

describe("the pack, run by the real SDK on the engine", () => {
  it("reports each violation only with its own policy", async () => {
    const summary = await run({});
    expect(summary.failed).toEqual([]);
    expect(summary.ok).toBe(false);
    const found = summary.policy.violations.map(
      ({ policy, urn }) => `${policy} in ${urn?.split("::").at(-1)}`,
    );
    const expected = violations.map(({ policy }) => `${policy} in ${policy}`);
    expect([...new Set(found)].sort()).toEqual(
      [...expected, ...["ceiling", "known"].map((rule) => `platform-cost-${rule} in violations-test`)].sort(),
    );
    for (const { policy, enforcement, severity, message } of summary.policy.violations) {
      expect(enforcement).toBe(ADVISORY.includes(policy) ? "advisory" : "mandatory");
      expect(severity).toMatch(/^(low|medium|high|critical)$/);
      expect(message).toContain("To fix: ");
      expect(message).not.toContain("hunter2");
    }
    expect(summary.policy.packs[0]?.policies).toHaveLength(rules.length + 1);
  });

  it("reports nothing for the compliant resources", async () => {
    const summary = await run({ complying: "true" });
    expect(summary.failed).toEqual([]);
    expect(summary.policy.violations.map(({ policy, urn, message }) => [policy, urn, message])).toEqual([
      ["platform-cost-ceiling", expect.stringContaining("Stack") as string, expect.any(String) as string],
      ["platform-cost-known", expect.stringContaining("Stack") as string, expect.any(String) as string],
    ]);
  });

  it("a violation differs from a pack that cannot be loaded", async () => {
    const copy = temporaryFolder();
    cpSync(path.join(root, "policy"), path.join(copy, "policy"), { recursive: true });
    for (const beside of ["node_modules", "components", "cost", "tsconfig.json"])
      symlinkSync(path.join(root, beside), path.join(copy, beside));
    writeFileSync(
      path.join(copy, "policy/rules.ts"),
      'export const rules = [];\nthrow new Error("a rule that does not load");\n',
    );
    const error: unknown = await run({}, path.join(copy, "policy")).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PolicyPackError);
    expect((error as Error).message).toContain("a rule that does not load");
  });
});
