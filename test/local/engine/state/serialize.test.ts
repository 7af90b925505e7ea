import { describe, expect, it } from "vitest";
import { Asset, Secret, UNKNOWN } from "../../../../local/engine/values/property-value.ts";
import type { PropertyMap } from "../../../../local/engine/values/property-value.ts";
import {
  deserializeProperties,
  deserializeResource,
  encryptedSecrets,
  maskedSecrets,
  serializeProperties,
  serializeResource,
} from "../../../../local/engine/state/serialize.ts";
import { plainCrypter } from "../scripted-run.ts";

const KEY = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const seal = encryptedSecrets(plainCrypter);
const open = (text: string): string => plainCrypter.decrypt(text);

const properties: PropertyMap = {
  text: "a",
  number: 1.5,
  nothing: null,
  list: [1, { deep: true }],
  secret: new Secret({ inner: new Secret("x"), plain: 1 }),
  asset: new Asset({ [KEY]: "c44067f5952c0a294b673a41bacd8c17", text: "hello", hash: "abc" }),
  reference: {
    [KEY]: "5cf8f73096256a8f31e491e813e4eb8e",
    urn: "urn:pulumi:s::p::t::n",
    id: "1",
    packageVersion: "",
  },
};

describe("the state's form of properties", () => {
  it("reads back what it wrote, with secrets inside secrets", () => {
    const written = JSON.parse(JSON.stringify(serializeProperties(properties, seal))) as Parameters<
      typeof deserializeProperties
    >[0];
    expect(deserializeProperties(written, open)).toEqual(properties);
  });

  it("seals the JSON of a secret under Pulumi's mark, the inner mark with it", () => {
    const { secret } = serializeProperties(properties, seal) as { secret: Record<string, string> };
    expect(secret[KEY]).toBe(SECRET);
    expect(JSON.parse(open(secret["ciphertext"] ?? ""))).toEqual({
      inner: { [KEY]: SECRET, ciphertext: '"x"' },
      plain: 1,
    });
  });

  it("writes the same ciphertext for the same plaintext, so that nothing seems changed", () => {
    let calls = 0;
    const counting = encryptedSecrets({ ...plainCrypter, encrypt: () => `v1:${calls++}` });
    const map = { a: new Secret("x"), b: new Secret("x") };
    expect(serializeProperties(map, counting)).toEqual(serializeProperties(map, counting));
    expect(calls).toBe(1);
  });

  it("writes an unknown as Pulumi's sentinel, and masks secrets for display", () => {
    expect(serializeProperties({ a: UNKNOWN, b: new Secret("x") }, maskedSecrets)).toEqual({
      a: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
      b: "[secret]",
    });
  });

  it("reads the plaintext of an export that shows secrets", () => {
    expect(deserializeProperties({ a: { [KEY]: SECRET, plaintext: '"x"' } }, open)).toEqual({
      a: new Secret("x"),
    });
  });
});

describe("the state's form of a resource", () => {
  it("leaves out what is empty and keeps every field that Pulumi's ResourceV3 has for us", () => {
    const json = {
      urn: "urn:pulumi:dev::p::a:b:C::n",
      custom: true,
      id: "1",
      type: "a:b:C",
      inputs: { x: 1 },
      outputs: { x: 1, y: 2 },
      parent: "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev",
      protect: true,
      dependencies: ["urn:d"],
      initErrors: ["bad"],
      provider: "urn:p::id",
      propertyDependencies: { x: ["urn:d"] },
      pendingReplacement: true,
      additionalSecretOutputs: ["y"],
      customTimeouts: { create: 300 },
      retainOnDelete: true,
      deletedWith: "urn:w",
      created: "2026-01-01T00:00:00Z",
      modified: "2026-01-01T00:00:00Z",
      ignoreChanges: ["x"],
      replaceOnChanges: ["y"],
      hideDiff: ["z"],
    };
    expect(serializeResource(deserializeResource(json, open), seal)).toEqual(json);
    const least = { urn: "urn:pulumi:dev::p::a:b:C::n", custom: false, type: "a:b:C" };
    expect(serializeResource(deserializeResource(least, open), seal)).toEqual(least);
  });

  it("refuses one without a urn", () => {
    expect(() => deserializeResource({ type: "a:b:C" }, open)).toThrow(/urn or type/);
  });
});
