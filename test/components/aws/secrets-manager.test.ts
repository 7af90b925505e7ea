import { expect, test } from "vitest";
import { AwsKey } from "../../../components/aws/key.ts";
import { AwsSecretsManager } from "../../../components/aws/secrets-manager.ts";
import { find, list, named, record, valueOf } from "../record.ts";
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

test("the store has the ARN of each secret by its name", async () => {
  const { result } = await build();
  expect(Object.keys(result.arns)).toEqual(["slack-webhook"]);
  expect(await valueOf(result.arns["slack-webhook"])).toMatch(
    /^arn:aws:secretsmanager:.+:secret:slipway\/slack-webhook-/,
  );
});
