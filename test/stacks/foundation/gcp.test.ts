import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { Environment } from "../../../components/platform/environment.ts";
import { connectGcp } from "../../../stacks/connection/gcp.ts";
import { asRead } from "./as-read.ts";
import { gcpFoundation } from "../../../stacks/foundation/gcp.ts";
import { cloudSchema } from "../../../stacks/config/schema/cloud.ts";
import { clusterSchema, type GkeConfig } from "../../../stacks/config/schema/cluster.ts";
import { PROJECT_NUMBER } from "../../components/gcp/gcp-outputs.ts";
import { find, list, record, valueOf, type Recorded } from "../../components/record.ts";
import { lock } from "../../components/stage.ts";

const url = "https://europe-west4-docker.pkg.dev/acme-ml";

/** Both layers in one program. */
const build = (cluster: Record<string, unknown> = {}, cloud: Record<string, unknown> = {}) =>
  record(() => {
    const config = {
      cluster: clusterSchema.parse({
        kind: "gke",
        project: "acme-ml",
        region: "europe-west4",
        ...cluster,
      }) as GkeConfig,
      cloud: cloudSchema.parse({
        prefix: "acme",
        tags: { owner: "ml", environment: "prod" },
        budget: { monthlyUsd: 5000, emails: ["ml@example.com"] },
        ...cloud,
      }),
    };
    const foundation = gcpFoundation({ ...config, images: lock, registryUrl: url });
    const connection = connectGcp({ ...config, foundation: asRead(foundation) });
    const opts = { provider: connection.kubernetes };
    const platform = new Environment("platform", { registryUrl: url }, opts);
    const connected = connection.connect({
      url,
      dockerConfig: undefined,
      images: lock,
      environments: [platform],
      repositories: ["flight-delays/source", "flight-delays/pushback/model", "flight-delays/pushback/drift"],
    });
    const training = connected.identity({
      namespace: "platform",
      serviceAccount: "training",
      access: "write",
    });
    const serving = connected.identity({
      namespace: "production",
      serviceAccount: "pushback",
      access: "read",
    });
    return { foundation, connected, platform, registry: connected.registry, training, serving };
  });

/** Returns the names of the top-level components. */
const components = (resources: readonly Recorded[]): string[] =>
  list(resources.filter(({ type }) => type.startsWith("slipway:"))).map((line) =>
    line.replace(/^slipway:/, ""),
  );

test("a plain stack is a project, a network, a cluster, storage, a registry, identities and a budget", async () => {
  const { resources, result } = await build();
  expect(components(resources)).toEqual([
    "budget:GcpBudget budget",
    "cluster:DefaultStorageClass storage-class",
    "cluster:Gke cluster",
    "cluster:GkeNodePool cluster-cpu",
    "cluster:GkeNodePool cluster-system",
    "environment:Environment platform",
    "identity:GkeServiceAccount platform-training-identity",
    "identity:GkeServiceAccount production-pushback-identity",
    "keys:GcpKey cluster-encryption",
    "keys:GcpKey registry-encryption",
    "keys:GcpKey storage-encryption",
    "network:GcpNetwork network",
    "project:GcpProject project",
    "registry:ArtifactRegistry registry",
    "registry:ArtifactRegistryImages registry",
    "storage:CloudStorage storage",
  ]);
  expect(result.connected.redis).toBeUndefined();
});

test("each optional part of the config has its own key", async () => {
  const plain = components((await build()).resources);
  const { resources, result } = await build(
    { gpuPools: { l4: { type: "nvidia-l4", count: 1, max: 1 } } },
    { redis: {}, database: {}, dns: { zone: "ml.example.com" }, secrets: ["slack-webhook"] },
  );
  expect(components(resources).filter((one) => !plain.includes(one))).toEqual([
    "cluster:GkeGpuNodePool cluster-gpu-l4",
    "database:CloudSqlPostgresql database",
    "dns:CloudDns dns",
    "keys:GcpKey database-encryption",
    "keys:GcpKey redis-encryption",
    "keys:GcpKey secrets-encryption",
    "redis:Memorystore redis",
    "secrets:GcpSecretManager secrets",
  ]);
  expect(result.connected.redis?.port).toBe(6378);
});

test("only the APIs that the config needs are enabled", async () => {
  const apis = async (cloud: Record<string, unknown>): Promise<unknown[]> =>
    (await build({}, cloud)).resources
      .filter(({ type }) => type === "gcp:projects/service:Service")
      .map(({ inputs }) => inputs["service"]);
  const plain = await apis({});
  expect(plain).toContain("container.googleapis.com");
  for (const api of ["redis", "sqladmin", "dns", "secretmanager", "servicenetworking"])
    expect(plain).not.toContain(`${api}.googleapis.com`);
  expect(await apis({ redis: {} })).toEqual(
    expect.arrayContaining(["redis.googleapis.com", "servicenetworking.googleapis.com"]),
  );
});

test("all resources have the labels, the project and the region of the config", async () => {
  const { resources } = await build();
  const providers = resources.filter(({ type }) => type === "pulumi:providers:gcp");
  expect(providers.length).toBe(2); // one for each layer
  for (const { inputs } of providers)
    expect(inputs).toMatchObject({
      project: "acme-ml",
      region: "europe-west4",
      defaultLabels: '{"owner":"ml","environment":"prod"}',
    });
});

test("pods use their own identity for the registry, and get no credentials", async () => {
  const { result } = await build();
  expect(result.registry.accessFrom(result.platform)).toEqual({ url });
  expect(result.registry.image("runtime")).toBe(
    `europe-west4-docker.pkg.dev/acme-ml/slipway/runtime@${lock.images.runtime?.digest}`,
  );
  expect(result.training?.usesMetadataService).toBe(true);
});

test("training jobs may push artifacts and write to the bucket; services may only pull artifacts, and only nodes pull images", async () => {
  const { resources } = await build();
  const grant = (name: string): Record<string, unknown> =>
    find(resources, "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember", name);
  const member = (id: string): string => `serviceAccount:${id}@acme-ml.iam.gserviceaccount.com`;
  expect(grant("platform-training-flight-delays-writer")).toMatchObject({
    repository: "flight-delays",
    role: "roles/artifactregistry.writer",
    member: member("acme-platform-training"),
  });
  expect(list(resources).filter((line) => /RepositoryIamMember .*-slipway-/.test(line))).toEqual([
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember cluster-nodes-slipway-reader",
  ]);
  expect(grant("production-pushback-flight-delays-reader")).toMatchObject({
    role: "roles/artifactregistry.reader",
    member: member("acme-production-pushback"),
  });
  expect(
    find(resources, "gcp:storage/bucketIAMMember:BucketIAMMember", "platform-training-bucket-user"),
  ).toMatchObject({ bucket: "acme-acme-ml-data", member: member("acme-platform-training") });
  expect(list(resources).filter((line) => line.endsWith("production-pushback-bucket-user"))).toEqual([]);
  expect(grant("cluster-nodes-slipway-reader")).toMatchObject({
    member: "serviceAccount:cluster-nodes-auto@acme-ml.iam.gserviceaccount.com",
  });
});

test("each key may be used only by the service that encrypts with it", async () => {
  const { resources } = await build();
  const grants = resources.filter(({ type }) => type === "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember");
  const agent = (service: string): string =>
    `serviceAccount:service-${PROJECT_NUMBER}@${service}.iam.gserviceaccount.com`;
  expect(Object.fromEntries(grants.map(({ name, inputs }) => [name, inputs["member"]]))).toMatchObject({
    "cluster-encryption-container": agent("container-engine-robot"),
    "cluster-encryption-compute": agent("compute-system"),
    "registry-encryption-artifactregistry": agent("gcp-sa-artifactregistry"),
  });
});

test("cluster.logDays is the retention of the log bucket of the project, which the stack does not touch by default", async () => {
  const type = "gcp:logging/projectBucketConfig:ProjectBucketConfig";
  const { resources } = await build({ logDays: 90 });
  expect(find(resources, type, "project-logs")).toMatchObject({ bucketId: "_Default", retentionDays: 90 });
  expect(list((await build()).resources).join()).not.toContain(type);
});

test("exports the names of the cluster and of the database, which only people use", async () => {
  const outputs = async (cloud: Record<string, unknown>) => {
    const { result } = await build({}, cloud);
    const { clusterName, databaseHost, databasePassword, databaseCaCertificate } = result.foundation;
    return {
      isSecret: await pulumi.isSecret(pulumi.output(databasePassword)),
      ...(await valueOf(
        pulumi.output({ clusterName, databaseHost, databasePassword, databaseCaCertificate }),
      )),
    };
  };
  expect(await outputs({ database: {} })).toMatchObject({
    isSecret: true,
    clusterName: "cluster-gke-auto",
    databaseHost: "10.9.1.3",
    databasePassword: "generated",
    databaseCaCertificate: "first\n",
  });
  expect(await outputs({})).toMatchObject({
    databaseHost: null,
    databasePassword: null,
    databaseCaCertificate: null,
  });
});

const ADMISSION = "gcp:binaryauthorization/policy:Policy";

test("the stack does not touch the Binary Authorization policy of the project by default", async () => {
  const { resources } = await build();
  expect(list(resources).filter((line) => line.startsWith(ADMISSION))).toEqual([]);
});

test("if the stack may replace the policy of the project, its cluster runs only images of the project and further sources", async () => {
  const { resources } = await build({
    binaryAuthorization: { replaceProjectPolicy: true, imageSources: ["ghcr.io/external-secrets/**"] },
  });
  expect(find(resources, ADMISSION, "cluster-admission")).toMatchObject({
    admissionWhitelistPatterns: [
      { namePattern: "europe-west4-docker.pkg.dev/acme-ml/**" },
      { namePattern: "ghcr.io/external-secrets/**" },
    ],
    clusterAdmissionRules: [{ cluster: "europe-west4.cluster-gke-auto", evaluationMode: "ALWAYS_DENY" }],
  });
});

test("cloud.backup runs the agent of Backup for GKE, enables its API and makes a plan", async () => {
  const { resources } = await build({}, { backup: { hourUtc: 3, retentionDays: 14 } });
  expect(find(resources, "gcp:container/cluster:Cluster", "cluster-gke")).toMatchObject({
    addonsConfig: { gkeBackupAgentConfig: { enabled: true } },
  });
  expect(find(resources, "gcp:gkebackup/backupPlan:BackupPlan", "backup-plan")).toMatchObject({
    backupSchedule: { cronSchedule: "0 3 * * *" },
    retentionPolicy: { backupRetainDays: 14 },
  });
  expect(
    resources.filter(
      ({ type, inputs }) =>
        type === "gcp:projects/service:Service" && inputs["service"] === "gkebackup.googleapis.com",
    ),
  ).toHaveLength(1);
});
