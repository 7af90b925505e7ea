import { expect, test } from "vitest";
import { GcpKey, type GcpKeyArgs } from "../../../components/gcp/key.ts";
import { find, list, record } from "../record.ts";

const build = (args: Partial<GcpKeyArgs> = {}) =>
  record(
    () =>
      new GcpKey("data", {
        project: "acme-ml",
        region: "europe-west4",
        users: { redis: "serviceAccount:redis", sql: "serviceAccount:sql" },
        ...args,
      }),
  );

test("a key has a ring of its own, and a grant for each user", async () => {
  const { resources } = await build();
  expect(list(resources)).toEqual([
    "gcp:kms/cryptoKey:CryptoKey data-key",
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember data-redis",
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember data-sql",
    "gcp:kms/keyRing:KeyRing data-ring",
    "slipway:keys:GcpKey data",
  ]);
  expect(find(resources, "gcp:kms/keyRing:KeyRing", "data-ring")).toMatchObject({ location: "europe-west4" });
});

test("the key is rotated every 90 days, and its deletion can be undone for 30 days", async () => {
  const { resources } = await build();
  expect(find(resources, "gcp:kms/cryptoKey:CryptoKey", "data-key")).toMatchObject({
    keyRing: "data-ring-id",
    purpose: "ENCRYPT_DECRYPT",
    rotationPeriod: "7776000s",
    destroyScheduledDuration: "2592000s",
  });
});

test("a user may only encrypt and decrypt", async () => {
  const { resources } = await build();
  expect(find(resources, "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", "data-redis")).toEqual({
    cryptoKeyId: "data-key-id",
    role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
    member: "serviceAccount:redis",
  });
});

test.each([0, 366])("refuses to rotate every %s days", async (rotationDays) => {
  await expect(build({ rotationDays })).rejects.toThrow(
    `data: rotationDays must be between 1 and 365, got ${rotationDays}`,
  );
});
