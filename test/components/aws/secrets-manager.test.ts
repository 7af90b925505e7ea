import { expect, test } from "vitest";
import { AwsKey } from "../../../components/aws/key.ts";
import { AwsSecretsManager } from "../../../components/aws/secrets-manager.ts";
import { find, list, named, record } from "../record.ts";
import { ACCOUNT } from "./aws-outputs.ts";

const build = () =>
  record(() => {
    const key = new AwsKey("key", { description: "Secrets", account: ACCOUNT });
    return new AwsSecretsManager("secrets", { prefix: "slipway", secrets: ["slack-webhook"], key });
  });

test("secrets are encrypted and empty, and can be restored for a month", async () => {
  const { resources } = await build();
  expect(list(named(resources, "secrets"))).toEqual([
    "aws:secretsmanager/secret:Secret secrets-slack-webhook",
    "slipway:secrets:AwsSecretsManager secrets",
  ]);
  expect(find(resources, "aws:secretsmanager/secret:Secret", "secrets-slack-webhook")).toEqual({
    name: "slipway/slack-webhook",
    kmsKeyId: "arn:key-key",
    recoveryWindowInDays: 30,
  });
});

test("a role can read only the secrets that it names", async () => {
  const { result } = await build();
  expect(result.readStatements("slack-webhook").map(({ Action }) => Action)).toEqual([
    ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
    ["kms:Decrypt"],
  ]);
  expect(() => result.readStatements("pagerduty")).toThrow(
    "secret pagerduty: must be one of cloud.secrets (slack-webhook); add it there",
  );
});
