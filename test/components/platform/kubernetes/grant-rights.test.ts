import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { grantRights, type RightsArgs } from "../../../../components/platform/kubernetes/grant-rights.ts";
import { find, list, record, valueOf, type Recorded } from "../../record.ts";

const rules = [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }];
const metadata = { name: "app", namespace: "kube-system", labels: { app: "app" } };
const subjects = [{ kind: "ServiceAccount", name: "app", namespace: "kube-system" }];
const apiGroup = "rbac.authorization.k8s.io";

const grant = (
  more: Partial<RightsArgs> = {},
): Promise<{ resources: Recorded[]; result: pulumi.Resource[] }> =>
  record(() => {
    const account = new k8s.core.v1.ServiceAccount("it-account", { metadata });
    return grantRights("it", { account, metadata, namespaceRules: rules, ...more }, {});
  });

test("gives rights in the namespace alone, and returns the binding", async () => {
  const { resources, result } = await grant();
  expect(list(resources)).toEqual([
    "kubernetes:core/v1:ServiceAccount it-account",
    "kubernetes:rbac.authorization.k8s.io/v1:Role it-role",
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding it-binding",
  ]);
  expect(find(resources, "kubernetes:rbac.authorization.k8s.io/v1:Role", "it-role")).toMatchObject({
    metadata,
    rules,
  });
  expect(find(resources, "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "it-binding")).toMatchObject({
    metadata,
    roleRef: { apiGroup, kind: "Role", name: "app" },
    subjects,
  });
  expect(await Promise.all(result.map(({ urn }) => valueOf(urn)))).toEqual([
    expect.stringMatching(/::it-binding$/),
  ]);
});

test("gives rights in the whole cluster too, by objects without a namespace", async () => {
  const { resources, result } = await grant({ clusterRules: rules });
  const binding = find(
    resources,
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
    "it-cluster-binding",
  );
  expect(binding).toMatchObject({
    metadata: { name: "app", labels: { app: "app" } },
    roleRef: { apiGroup, kind: "ClusterRole", name: "app" },
    subjects,
  });
  expect(binding["metadata"]).not.toHaveProperty("namespace");
  expect(result).toHaveLength(2);
});
