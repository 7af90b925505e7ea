import { expect, test } from "vitest";
import {
  secretRefSchema,
  toRemoteRef,
  type SecretRef,
} from "../../../../components/platform/secrets/secret-ref.ts";

const uuid = "0d3f7b4e-1c2a-4f5b-9d8e-7a6b5c4d3e2f";

test.each<[SecretRef, object]>([
  [{ store: "aws-secrets-manager", name: "slipway/prod/slack" }, { key: "slipway/prod/slack" }],
  [
    { store: "aws-secrets-manager", name: "db", key: "password", version: uuid },
    { key: "db", property: "password", version: `uuid/${uuid}` },
  ],
  [
    { store: "aws-secrets-manager", name: "db", version: "AWSPREVIOUS" },
    { key: "db", version: "AWSPREVIOUS" },
  ],
  [
    { store: "gcp-secret-manager", name: "slack_webhook", version: "3" },
    { key: "slack_webhook", version: "3" },
  ],
  [
    { store: "azure-key-vault", name: "slack-webhook", version: "a".repeat(32) },
    { key: "slack-webhook", version: "a".repeat(32) },
  ],
  [
    { store: "vault", name: "slipway/slack", key: "url" },
    { key: "slipway/slack", property: "url" },
  ],
])("%j is a reference, and is converted for the operator", (ref, remote) => {
  expect(secretRefSchema.parse(ref)).toEqual(ref);
  expect(toRemoteRef(ref)).toEqual(remote);
});

test.each([
  ["a store that does not exist", { store: "1password", name: "a" }],
  ["a name with a space", { store: "aws-secrets-manager", name: "a b" }],
  ["a path in Secret Manager", { store: "gcp-secret-manager", name: "a/b" }],
  ["an underscore in Key Vault", { store: "azure-key-vault", name: "a_b" }],
  ["an invalid version of Key Vault", { store: "azure-key-vault", name: "a", version: "2" }],
  ["an invalid version of Secret Manager", { store: "gcp-secret-manager", name: "a", version: "v2" }],
  ["a secret of Vault without a key", { store: "vault", name: "slipway/slack" }],
  ["an absolute path in Vault", { store: "vault", name: "/slipway", key: "url" }],
  ["a value instead of a reference", { store: "vault", name: "a", key: "b", value: "s3cret" }],
])("%s is refused", (_, ref) => {
  expect(secretRefSchema.safeParse(ref).success).toBe(false);
});
