import { describe, expect, it } from "vitest";
import { exitCode, policyVerdict } from "../../../cli/preview/change-words.ts";
import { dataHeld } from "../../../cli/preview/data-bearing.ts";
import { buildReport, dataLosses } from "../../../cli/preview/report.ts";
import { renderText } from "../../../cli/preview/render-text.ts";
import { ABOUT, examplePlan, plan, step, urnOf } from "./plan.ts";

const report = buildReport(examplePlan(), ABOUT);

describe("buildReport", () => {
  it("groups what changes by the outermost component and counts what stays", () => {
    expect(
      report.groups.map(({ name, unchanged, changes }) => [name, unchanged, changes.map(({ name }) => name)]),
    ).toEqual([
      ["", 1, ["ledger"]],
      ["fraud", 1, ["fraud-deployment"]],
      ["objects", 0, ["objects-role", "objects-bucket"]],
    ]);
  });

  it("tells a replacement once, not its parts", () => {
    expect(report.totals).toEqual({ create: 1, update: 1, replace: 1, delete: 1, read: 0, same: 2 });
    expect(
      report.groups.flatMap(({ changes }) => changes).filter(({ kind }) => kind === "replace"),
    ).toHaveLength(1);
  });

  it("says of each property what it was and is, what is secret, and what is known after apply", () => {
    const [deployment] = report.groups[1]?.changes ?? [];
    expect(deployment?.properties).toEqual([
      {
        path: "spec.replicas",
        kind: "update",
        old: { known: 2 },
        new: { known: 3 },
        forcesReplacement: false,
      },
      { path: "spec.image", kind: "add", new: "known after apply", forcesReplacement: false },
      { path: "spec.token.value", kind: "update", old: "secret", new: "secret", forcesReplacement: false },
    ]);
    expect(report.groups[2]?.changes.find(({ kind }) => kind === "create")?.afterApply).toEqual(["policy"]);
  });

  it("names both providers where a resource moves to another", () => {
    const provider = (name: string): string => `${urnOf("pulumi:providers:kubernetes", name)}::id`;
    const move = step("replace", "kubernetes:core/v1:ConfigMap", "c", {
      old: {},
      new: {},
      replaceReasons: ["provider"],
    });
    const planned = plan([
      {
        ...move,
        oldState: { ...move.oldState, provider: provider("old-cluster") },
        newState: { ...move.newState, provider: provider("new-cluster") },
      },
    ]);
    expect(buildReport(planned, ABOUT).groups[0]?.changes[0]?.properties).toEqual([
      {
        path: "provider",
        kind: "update",
        old: { known: "old-cluster" },
        new: { known: "new-cluster" },
        forcesReplacement: true,
      },
    ]);
  });

  it("groups a resource of a nested component under the outermost", () => {
    const [outer, inner] = [
      urnOf("slipway:cluster:EksCluster", "cluster"),
      urnOf("slipway:cluster:EksNodePool", "pool"),
    ];
    const { groups } = buildReport(
      plan([
        step("create", "slipway:cluster:EksCluster", "cluster", { new: {} }),
        step("create", "slipway:cluster:EksNodePool", "pool", { parent: outer, new: {} }),
        step("create", "aws:eks/nodeGroup:NodeGroup", "nodes", { parent: inner, new: {} }),
      ]),
      ABOUT,
    );
    expect(groups).toMatchObject([
      { name: "cluster", type: "slipway:cluster:EksCluster", changes: [{}, {}, {}] },
    ]);
  });
});

describe("data losses", () => {
  it("finds the replaced bucket and the deleted database, and that the state protects it", () => {
    expect(dataLosses(report).map(({ name, loses, isProtected }) => [name, loses, isProtected])).toEqual([
      ["ledger", "a database", true],
      ["objects-bucket", "the objects of a bucket", false],
    ]);
  });

  it("does not shout where the resource itself stays", () => {
    const kept = plan([
      step("delete", "aws:s3/bucket:Bucket", "b", { old: {}, state: { retainOnDelete: true } }),
    ]);
    expect(dataLosses(buildReport(kept, ABOUT))).toEqual([]);
  });

  it.each([
    ["kubernetes:core/v1:PersistentVolumeClaim", {}, true],
    ["kubernetes:apps/v1:StatefulSet", { spec: { volumeClaimTemplates: [{}] } }, true],
    ["kubernetes:apps/v1:StatefulSet", { spec: {} }, false],
    ["kubernetes:apps/v1:Deployment", {}, false],
    ["aws:kms/key:Key", {}, true],
    ["aws:iam/role:Role", {}, false],
    ["gcp:sql/databaseInstance:DatabaseInstance", {}, true],
    ["gcp:container/nodePool:NodePool", {}, false],
    ["azure-native:keyvault:Vault", {}, true],
    ["azure-native:keyvault/v20230701:Vault", {}, true],
    ["azure-native:network:VirtualNetwork", {}, false],
  ])("%s %j holds data: %s", (type, inputs, holds) => {
    expect(dataHeld(type, inputs) !== undefined).toBe(holds);
  });
});

describe("renderText", () => {
  const text = renderText(report);

  it("shows each change, shouts the losses and ends with the totals", () => {
    expect(text).toContain("preview of prod, compared with main (1a2b3c4) (offline engine)");
    expect(text).toContain("      ~ spec.replicas: 2 → 3");
    expect(text).toContain("      + spec.image: (known after apply)");
    expect(text).toContain("      ~ spec.token.value: [secret] → [secret]");
    expect(text).toContain("  + aws:iam/role:Role objects-role  (known after apply: policy)");
    expect(text).toContain('      ~ bucket: "a" → "b"  (forces replacement)');
    expect(text).toContain("  ± aws:s3/bucket:Bucket objects-bucket  !!! LOSES THE OBJECTS OF A BUCKET");
    expect(text).toContain(
      "!!! delete of aws:rds/instance:Instance ledger loses a database; it is protected: an up refuses",
    );
    expect(text.split("\n").at(-1)).toBe(
      "1 to create, 1 to update, 1 to replace, 1 to delete, 2 unchanged (1.2 s)",
    );
  });
});

describe("the verdict and the exit code", () => {
  const violation = (enforcement: "mandatory" | "advisory", urn?: string) => ({
    pack: "p",
    packVersion: "1",
    policy: "no-public",
    enforcement,
    message: "is public",
    ...(urn ? { urn } : {}),
  });
  const policy = (...violations: ReturnType<typeof violation>[]) => ({
    packs: [{ name: "p", version: "1", policies: ["a", "b"] }],
    violations,
  });
  const broken = { urn: "u", reasons: ["no"] };

  it.each([
    ["nothing is wrong", { failed: [] }, 0],
    ["a policy advises", { failed: [], policy: policy(violation("advisory")) }, 0],
    ["a policy forbids", { failed: [], policy: policy(violation("mandatory")) }, 3],
    [
      "what a policy forbids is told as failed",
      { failed: [broken], policy: policy(violation("mandatory", "u")) },
      3,
    ],
    ["something else failed", { failed: [broken] }, 1],
    ["something else failed too", { failed: [broken], policy: policy(violation("mandatory", "v")) }, 1],
  ])("is as documented where %s", (_title, found, code) => {
    const { totals } = report;
    expect(exitCode({ totals, ...found }, { unchanged: false })).toBe(code);
    expect(exitCode({ totals, ...found }, { unchanged: true })).toBe(code === 0 ? 4 : code);
  });

  it("is 0 where no change is expected, and nothing but a read is planned", () => {
    const totals = { create: 0, update: 0, replace: 0, delete: 0, read: 2, same: 9 };
    expect(exitCode({ totals, failed: [] }, { unchanged: true })).toBe(0);
  });

  it("counts policies where they pass and violations where they do not", () => {
    expect(policyVerdict(undefined)).toBeUndefined();
    expect(policyVerdict(policy())).toBe("policy passed: 2 policies");
    expect(policyVerdict(policy(violation("mandatory"), violation("advisory")))).toBe(
      "policy failed: 1 mandatory violation, 1 advisory violation",
    );
  });
});
