import { expect, test } from "vitest";
import { s3Arn, s3WriteStatements } from "../../../components/aws/s3-access.ts";
import { readSecretStatements } from "../../../components/aws/secret-access.ts";

test("write access is limited to the objects of one bucket and its key", () => {
  expect(s3Arn("slipway-objects")).toBe("arn:aws:s3:::slipway-objects");
  const statements = s3WriteStatements("slipway-objects", "arn:key");
  expect(statements.map(({ Resource }) => Resource)).toEqual([
    "arn:aws:s3:::slipway-objects",
    "arn:aws:s3:::slipway-objects/*",
    "arn:key",
  ]);
  const actions = statements.flatMap(({ Action }) => Action);
  expect(actions).toContain("s3:PutObject");
  expect(actions).toContain("s3:DeleteObject");
  expect(actions).not.toContain("s3:DeleteObjectVersion");
  expect(actions.some((action) => action.includes("*") && !action.startsWith("kms:"))).toBe(false);
});

test("a role can read only the secrets that it names, and decrypt them", () => {
  expect(readSecretStatements(["arn:webhook", "arn:token"], "arn:key")).toEqual([
    {
      Sid: "ReadSecrets",
      Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
      Resource: ["arn:webhook", "arn:token"],
    },
    { Sid: "DecryptSecrets", Action: ["kms:Decrypt"], Resource: "arn:key" },
  ]);
});
