import { expect, test } from "vitest";
import {
  ExternalSecretsOperator,
  type ExternalSecretsOperatorArgs,
} from "../../../../components/platform/secrets/external-secrets-operator.ts";
import { ExternalSecrets } from "../../../../components/platform/secrets/external-secrets.ts";
import { find, list, named, record } from "../../record.ts";
import { stage } from "../../stage.ts";

const build = (args: Partial<ExternalSecretsOperatorArgs> = {}) =>
  record(() => {
    const { registry, monitoringEnvironment, staging } = stage();
    const operator = new ExternalSecretsOperator("external-secrets", {
      readers: [{ environment: monitoringEnvironment, serviceAccount: "monitoring-secrets" }],
      registry,
      image: registry.image("external-secrets"),
      ...args,
    });
    return { operator, monitoringEnvironment, staging };
  });

test("it is three definitions, and a controller with its rights in each environment", async () => {
  const { resources, result } = await build();
  expect(list(named(resources, "external-secrets"))).toEqual([
    "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition external-secrets-externalsecrets",
    "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition external-secrets-generatorstates",
    "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition external-secrets-secretstores",
    "kubernetes:apps/v1:Deployment external-secrets-monitoring-deployment",
    "kubernetes:core/v1:Service external-secrets-monitoring-metrics",
    "kubernetes:core/v1:ServiceAccount external-secrets-monitoring-account",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy external-secrets-monitoring-traffic",
    "kubernetes:rbac.authorization.k8s.io/v1:Role external-secrets-monitoring-role",
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding external-secrets-monitoring-binding",
    "slipway:secrets:ExternalSecretsOperator external-secrets",
  ]);
  expect(result.operator.metrics).toEqual([
    {
      name: "external-secrets/monitoring",
      namespace: "monitoring",
      host: "external-secrets.monitoring.svc",
      port: 8002,
    },
  ]);
});

test("the controller is a restricted pod that watches only its own namespace", async () => {
  const { resources } = await build();
  const deployment = find(
    resources,
    "kubernetes:apps/v1:Deployment",
    "external-secrets-monitoring-deployment",
  );
  expect(deployment).toMatchObject({
    metadata: { name: "external-secrets", namespace: "monitoring" },
    spec: {
      replicas: 1,
      strategy: { type: "Recreate" },
      template: {
        spec: {
          serviceAccountName: "external-secrets",
          automountServiceAccountToken: true,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              image: expect.stringMatching(
                /^10\.88\.0\.1:5000\/slipway\/external-secrets@sha256:/,
              ) as unknown,
              args: [
                "--namespace=monitoring",
                "--enable-cluster-store-reconciler=false",
                "--enable-cluster-external-secret-reconciler=false",
                "--enable-push-secret-reconciler=false",
                "--enable-cluster-push-secret-reconciler=false",
                "--metrics-addr=:8002",
                "--live-addr=:8082",
                "--zap-time-encoding=rfc3339",
              ],
              resources: {
                limits: { cpu: "500m", memory: "256Mi" },
                requests: { cpu: "10m", memory: "64Mi" },
              },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
              },
            },
          ],
        },
      },
    },
  });
});

test("its rights end at its namespace, and it may act only as the service account that reads the stores", async () => {
  const { resources } = await build();
  const role = find(
    resources,
    "kubernetes:rbac.authorization.k8s.io/v1:Role",
    "external-secrets-monitoring-role",
  );
  expect(role).toMatchObject({ metadata: { namespace: "monitoring" } });
  expect(role["rules"]).toContainEqual({
    apiGroups: [""],
    resources: ["serviceaccounts/token"],
    resourceNames: ["monitoring-secrets"],
    verbs: ["create"],
  });
  expect(JSON.stringify(role["rules"])).not.toContain("*");
  expect(list(resources).filter((line) => line.includes("ClusterRole"))).toEqual([]);
});

test("only Prometheus reaches it, and it reaches the API server, the stores and no metadata service", async () => {
  const policyOf = async (args?: Partial<ExternalSecretsOperatorArgs>): Promise<unknown> => {
    const { resources } = await build(args);
    return find(
      resources,
      "kubernetes:networking.k8s.io/v1:NetworkPolicy",
      "external-secrets-monitoring-traffic",
    )["spec"];
  };
  const prometheus = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } };
  const anywhere = { ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] } };
  const ports = [
    { protocol: "TCP", port: 443 },
    { protocol: "TCP", port: 6443 },
  ];
  expect(await policyOf()).toEqual({
    podSelector: {
      matchLabels: { "app.kubernetes.io/name": "external-secrets", "app.kubernetes.io/component": "secrets" },
    },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [prometheus], ports: [{ protocol: "TCP", port: 8002 }] }],
    egress: [{ to: [anywhere], ports }],
  });
  expect(
    await policyOf({ storeUrls: ["https://vault.example.com:8200"], usesMetadataService: true }),
  ).toMatchObject({
    egress: [
      { to: [anywhere], ports },
      { to: [anywhere], ports: [{ protocol: "TCP", port: 8200 }] },
      { to: [{ ipBlock: { cidr: "169.254.169.254/32" } }], ports: [{ protocol: "TCP", port: 80 }] },
    ],
  });
});

test("the definitions have the defaults that the operator relies on, and keep the provider of a store as it is", async () => {
  const { resources } = await build();
  const schemaOf = (plural: string): unknown =>
    (
      find(
        resources,
        "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
        `external-secrets-${plural}`,
      )["spec"] as { versions: { schema: { openAPIV3Schema: { properties: unknown } } }[] }
    ).versions[0]?.schema.openAPIV3Schema.properties;
  expect(schemaOf("secretstores")).toMatchObject({
    spec: { properties: { provider: { x_kubernetes_preserve_unknown_fields: true, maxProperties: 1 } } },
  });
  expect(schemaOf("externalsecrets")).toMatchObject({
    spec: {
      properties: {
        data: {
          items: {
            properties: {
              remoteRef: {
                properties: {
                  conversionStrategy: { default: "Default" },
                  decodingStrategy: { default: "None" },
                  metadataPolicy: { default: "None" },
                },
              },
            },
          },
        },
      },
    },
  });
});

test("an environment without a controller is an error that lists those with one", async () => {
  const { result } = await build();
  expect(result.operator.neededBy(result.monitoringEnvironment)).toHaveLength(4);
  expect(() => result.operator.neededBy(result.staging)).toThrow(
    "external-secrets: readers must include staging, got monitoring",
  );
});

test("ExternalSecrets refuse an operator that does not watch their environment", async () => {
  await expect(
    record(() => {
      const { registry, monitoringEnvironment, staging } = stage();
      const operator = new ExternalSecretsOperator("external-secrets", {
        readers: [{ environment: monitoringEnvironment, serviceAccount: "monitoring-secrets" }],
        registry,
        image: registry.image("external-secrets"),
      });
      return new ExternalSecrets("reader", {
        environment: staging,
        operator,
        stores: { vault: { server: "https://vault.example.com", role: "slipway" } },
        secrets: { one: { value: { store: "vault", name: "a", key: "b" } } },
      });
    }),
  ).rejects.toThrow("readers must include staging");
});
