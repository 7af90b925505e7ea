import { expect, test } from "vitest";
import { ConfigError } from "../../../../stacks/config/config-error.ts";
import { parseConfig } from "../../../../stacks/config/parse-config.ts";
import { parseStack, rawConfig } from "../../stack.ts";

const AWS = { store: "aws-secrets-manager", name: "slipway/slack-webhook" };

async function parse(secrets: object, stack = "prod"): Promise<unknown> {
  return parseStack(stack, { "slipway:secrets": secrets });
}

const inMonitoring = (ref: object, more: object = {}): object => ({
  ...more,
  namespaces: { monitoring: { "slack-webhook": { url: ref } } },
});

test.each<[string, string, object]>([
  ["a secret of the stack", "prod", inMonitoring(AWS)],
  [
    "one version and one field of a secret",
    "prod",
    inMonitoring({ ...AWS, key: "url", version: "AWSPREVIOUS" }),
  ],
  [
    "Google Cloud's name of it",
    "prod-gcp",
    inMonitoring({ store: "gcp-secret-manager", name: "slipway-slack-webhook" }),
  ],
  ["Azure's name of it", "prod-azure", inMonitoring({ store: "azure-key-vault", name: "slack-webhook" })],
  [
    "Vault",
    "prod",
    inMonitoring(
      { store: "vault", name: "slack", key: "url" },
      { vault: { server: "https://vault.example.com", role: "slipway" } },
    ),
  ],
  ["a secret of an environment", "prod", { namespaces: { staging: { token: { value: AWS } } } }],
  ["none", "prod", {}],
])("takes %s", async (_what, stack, secrets) => {
  await expect(parse(secrets, stack)).resolves.toBeDefined();
});

const PATH = "config: slipway:secrets.namespaces";
test.each<[string, object, string]>([
  [
    "a namespace of another stack",
    { namespaces: { elsewhere: { token: { value: AWS } } } },
    `${PATH}.elsewhere: must be a namespace of the stack (platform, monitoring, staging, production)`,
  ],
  [
    "the store of another cloud",
    inMonitoring({ store: "gcp-secret-manager", name: "slipway-slack-webhook" }),
    `${PATH}.monitoring.slack-webhook.url.store: must be aws-secrets-manager or vault if cluster.kind is eks, got "gcp-secret-manager"`,
  ],
  [
    "a secret that the stack does not have",
    inMonitoring({ ...AWS, name: "slipway/other" }),
    `${PATH}.monitoring.slack-webhook.url.name: must be a secret of the stack (slipway/slack-webhook): add it to cloud.secrets, got "slipway/other"`,
  ],
  [
    "Vault that nobody has described",
    inMonitoring({ store: "vault", name: "slack", key: "url" }),
    `${PATH}.monitoring.slack-webhook.url.store: must not be vault unless secrets.vault is set`,
  ],
  [
    "Vault without https",
    inMonitoring(AWS, { vault: { server: "http://vault.example.com", role: "slipway" } }),
    "config: slipway:secrets.vault.server: must be an https address",
  ],
  [
    "the Secret of the webhook without its key",
    { namespaces: { monitoring: { "slack-webhook": { uri: AWS } } } },
    `${PATH}.monitoring.slack-webhook: must have the key url, because alerts.slackUrlSecret names this Secret`,
  ],
  [
    "a secret without keys",
    { namespaces: { monitoring: { token: {} } } },
    `${PATH}.monitoring.token: must have one key or more`,
  ],
])("refuses %s", async (_what, secrets, message) => {
  await expect(parse(secrets)).rejects.toThrow(message);
});

test.each([
  ["prod", AWS, "acmeml/slack-webhook"],
  ["prod-gcp", { store: "gcp-secret-manager", name: "slipway-slack-webhook" }, "acmeml-slack-webhook"],
])("proposes the stack's own name in %s where only the prefix differs", async (name, ref, own) => {
  const changed = { cloud: { prefix: "acmeml" } };
  const error = await parseStack(name, { "slipway:secrets": inMonitoring(ref) }, changed).catch(
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConfigError)) throw error;
  expect(error.problems).toEqual([
    expect.objectContaining({
      message: `must be a secret of the stack (${own}), got ${JSON.stringify(ref.name)}`,
      fix: `did you mean ${own}?`,
    }),
  ]);
});

test("refuses the store of a cloud with an existing cluster", async () => {
  const raw = await rawConfig("dev", { "slipway:secrets": inMonitoring(AWS) });
  expect(() => parseConfig(raw)).toThrow(
    `${PATH}.monitoring.slack-webhook.url.store: must be vault if cluster.kind is existing`,
  );
});

test.each(["secrets", "staging-secrets"])(
  "refuses the service %s beside an environment's secrets",
  async (name) => {
    const parsing = parseStack("prod", {
      "slipway:secrets": { namespaces: { staging: { token: { value: AWS } } } },
      "slipway:environments": { staging: { services: { [name]: { workload: "flight-delays" } } } },
    });
    await expect(parsing).rejects.toThrow(
      `slipway:environments.staging.services.${name}: must have another name`,
    );
  },
);
