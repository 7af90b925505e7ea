import { beforeAll, describe, expect, test } from "vitest";
import { find, list, named, type Recorded } from "../components/record.ts";
import { json } from "../components/aws/aws-outputs.ts";
import { stack } from "./stack.ts";

const EXTERNAL = "kubernetes:external-secrets.io/v1";
const SUBJECT = "system:serviceaccount:monitoring:monitoring-secrets";

let aws: Recorded[];
let gcp: Recorded[];
let azure: Recorded[];
beforeAll(async () => {
  [aws, gcp, azure] = [await stack("prod"), await stack("prod-gcp"), await stack("prod-azure")];
});

const provider = (resources: Recorded[], store: string): unknown =>
  (find(resources, `${EXTERNAL}:SecretStore`, `monitoring-secrets-${store}`)["spec"] as { provider: unknown })
    .provider;
const annotations = (resources: Recorded[]): unknown =>
  (
    find(resources, "kubernetes:core/v1:ServiceAccount", "monitoring-secrets-account")["metadata"] as {
      annotations: unknown;
    }
  ).annotations;

describe("the identity that reads the webhook of a production stack", () => {
  test("on AWS is one role for one service account, with one secret and its key", () => {
    const role = find(aws, "aws:iam/role:Role", "monitoring-secrets-identity-role");
    expect(json(role["assumeRolePolicy"])).toMatchObject({
      Statement: [
        {
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              "oidc.eks.eu-central-1.amazonaws.com/id/ABC:sub": SUBJECT,
              "oidc.eks.eu-central-1.amazonaws.com/id/ABC:aud": "sts.amazonaws.com",
            },
          },
        },
      ],
    });
    const policy = find(aws, "aws:iam/rolePolicy:RolePolicy", "monitoring-secrets-identity-policy");
    expect(json(policy["policy"])).toMatchObject({
      Statement: [
        {
          Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
          Resource: ["arn:aws:secretsmanager:eu-central-1:417366251839:secret:slipway/slack-webhook-AbCdEf"],
        },
        { Action: ["kms:Decrypt"], Resource: "arn:secrets-encryption-key" },
      ],
    });
    expect(annotations(aws)).toMatchObject({
      "eks.amazonaws.com/role-arn": "arn:monitoring-secrets-identity-role",
    });
    expect(provider(aws, "aws-secrets-manager")).toMatchObject({
      aws: { service: "SecretsManager", region: "eu-central-1" },
    });
  });

  test("on Google Cloud is one service account for one of the cluster, with one secret", () => {
    expect(list(named(gcp, "monitoring-secrets"))).toEqual([
      "gcp:secretmanager/secretIamMember:SecretIamMember monitoring-secrets-slack-webhook-reader",
      "gcp:serviceaccount/account:Account monitoring-secrets-identity-account",
      "gcp:serviceaccount/iAMMember:IAMMember monitoring-secrets-identity-user",
      "kubernetes:core/v1:ServiceAccount monitoring-secrets-account",
      `${EXTERNAL}:ExternalSecret monitoring-secrets-slack-webhook`,
      `${EXTERNAL}:SecretStore monitoring-secrets-gcp-secret-manager`,
      "slipway:identity:GkeServiceAccount monitoring-secrets-identity",
      "slipway:secrets:ExternalSecrets monitoring-secrets",
    ]);
    const user = find(gcp, "gcp:serviceaccount/iAMMember:IAMMember", "monitoring-secrets-identity-user");
    expect(user).toMatchObject({
      role: "roles/iam.workloadIdentityUser",
      member: "serviceAccount:slipway-prod.svc.id.goog[monitoring/monitoring-secrets]",
    });
    const reader = find(
      gcp,
      "gcp:secretmanager/secretIamMember:SecretIamMember",
      "monitoring-secrets-slack-webhook-reader",
    );
    expect(reader).toMatchObject({
      secretId: "slipway-slack-webhook",
      role: "roles/secretmanager.secretAccessor",
    });
    expect(provider(gcp, "gcp-secret-manager")).toMatchObject({ gcpsm: { projectID: "slipway-prod" } });
  });

  test("on Azure is one identity for one service account, with one role on one secret", () => {
    const credential = find(
      azure,
      "azure-native:managedidentity:FederatedIdentityCredential",
      "monitoring-secrets-identity-credential",
    );
    expect(credential).toMatchObject({ subject: SUBJECT, audiences: ["api://AzureADTokenExchange"] });
    const role = find(
      azure,
      "azure-native:authorization:RoleAssignment",
      "monitoring-secrets-identity-slack-webhook",
    );
    expect(role).toMatchObject({ scope: "secrets-slack-webhook-id" });
    expect(String(role["roleDefinitionId"])).toContain("4633458b-17de-408a-b874-0445c86b69e6");
    expect(provider(azure, "azure-key-vault")).toMatchObject({ azurekv: { authType: "WorkloadIdentity" } });
  });

  test("belongs to the Secret that Alertmanager mounts", () => {
    for (const resources of [aws, gcp, azure]) {
      const secret = find(resources, `${EXTERNAL}:ExternalSecret`, "monitoring-secrets-slack-webhook");
      expect(secret).toMatchObject({ metadata: { name: "slack-webhook", namespace: "monitoring" } });
      const pod = JSON.stringify(resources.filter(({ name }) => name.startsWith("monitoring-alertmanager")));
      expect(pod).toContain('"secretName":"slack-webhook"');
    }
  });
});

test("Vault needs no identity in the cloud", async () => {
  const resources = await stack("prod", {
    "slipway:secrets": {
      vault: { server: "https://vault.example.com:8200", role: "slipway" },
      refreshMinutes: 5,
      namespaces: {
        monitoring: { "slack-webhook": { url: { store: "vault", name: "slipway/slack", key: "url" } } },
      },
    },
  });
  expect(list(named(resources, "monitoring-secrets"))).toEqual([
    "kubernetes:core/v1:ServiceAccount monitoring-secrets-account",
    `${EXTERNAL}:ExternalSecret monitoring-secrets-slack-webhook`,
    `${EXTERNAL}:SecretStore monitoring-secrets-vault`,
    "slipway:secrets:ExternalSecrets monitoring-secrets",
  ]);
  expect(annotations(resources)).toBeUndefined();
  expect(find(resources, `${EXTERNAL}:ExternalSecret`, "monitoring-secrets-slack-webhook")).toMatchObject({
    spec: { refreshInterval: "5m0s" },
  });
});

test("a stack without secrets has no ExternalSecret", async () => {
  const resources = await stack("prod", { "slipway:secrets": {} });
  expect(list(named(resources, "monitoring-secrets"))).toEqual([]);
  const pod = JSON.stringify(resources.filter(({ name }) => name.startsWith("monitoring-alertmanager")));
  expect(pod).toContain('"secretName":"slack-webhook"'); // an existing Secret
});
