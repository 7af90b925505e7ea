import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkPinnedModels, pinnedModels } from "../../operations/pinned-models.ts";
import { checkStackPins } from "../../operations/check-stack-pins.ts";
import { toStackFile } from "../../operations/stack/load-stack-file.ts";
import { fakeRegistry, type FakeRegistry } from "./fake-registry.ts";

const missing = `sha256:${"0".repeat(64)}`;
const config = (fraud: string, canary: string): Record<string, unknown> => ({
  "slipway:environments": {
    production: {
      services: {
        fraud: { workload: "payments", model: { digest: fraud } },
        eu: { workload: "payments", modelName: "fraud", model: { follow: "champion" } },
        spam: {
          workload: "mail",
          model: { follow: "champion" },
          target: { kind: "lambda", canary: { model: { digest: canary }, percent: 10 } },
        },
        broken: "no service",
      },
    },
    staging: {},
    odd: 7,
  },
});

let registry: FakeRegistry;
beforeEach(async () => {
  registry = await fakeRegistry();
});
afterEach(() => registry.close());

it("finds every digest that a stack's file names, canaries too", () => {
  expect(pinnedModels({ config: config("sha256:a", "sha256:b") })).toEqual([
    {
      environment: "production",
      service: "fraud",
      canary: false,
      repository: "payments/fraud/model",
      digest: "sha256:a",
    },
    {
      environment: "production",
      service: "spam",
      canary: true,
      repository: "mail/spam/model",
      digest: "sha256:b",
    },
  ]);
  expect(pinnedModels({ config: {} })).toEqual([]);
  expect(pinnedModels({ config: { "slipway:environments": "no map" } })).toEqual([]);
});

describe("checkPinnedModels", () => {
  const check = (fraud: string, canary: string): ReturnType<typeof checkPinnedModels> =>
    checkPinnedModels(pinnedModels({ config: config(fraud, canary) }), registry.client);
  const push = (repository: string): string =>
    registry.put(repository, "model", { "model-card.json": {} }).split("@")[1] ?? "";

  it("is content with digests that the registry has", async () => {
    expect(await check(push("payments/fraud/model"), push("mail/spam/model"))).toEqual({ missing: [] });
  });

  it("names the key, the digest and the repository of a missing model", async () => {
    const { missing: found } = await check(missing, push("mail/spam/model"));
    expect(found).toEqual([
      {
        path: ["environments", "production", "services", "fraud", "model", "digest"],
        kind: "wrong",
        message: `must name a model in registry ${registry.client.name}, got ${missing}, which payments/fraud/model does not have`,
        fix: "name another with npm run pin, or push this one first",
      },
    ]);
    const [canary] = (await check(push("payments/fraud/model"), missing)).missing;
    expect(canary?.path.slice(3)).toEqual(["spam", "target", "canary", "model", "digest"]);
  });

  it.each([401, 403, 500])(
    "warns where the registry answers %i, and does not say that a digest is missing",
    async (status) => {
      registry.failWith(status);
      const { missing: found, warning } = await check(missing, missing);
      expect(found).toEqual([]);
      expect(warning).toMatch(
        /^the pinned digests of production\/fraud, production\/spam are not checked, because registry .* cannot be asked from here: /,
      );
    },
  );
});

it("warns where nobody is logged in to the registry", async () => {
  const text = `config:\n  slipway:environments:\n    production:\n      services:\n        fraud: { workload: payments, model: { digest: "${missing}" } }\n`;
  const file = toStackFile({ stack: "prod", file: "Pulumi.prod.yaml", path: "/Pulumi.prod.yaml", text });
  const login = (): Promise<never> => Promise.reject(new Error("cannot log in"));
  expect(
    await checkStackPins(file, { url: registry.url, credentialsFile: "/nonexistent", login }, {}),
  ).toEqual({
    missing: [],
    warning: "the pinned digests are not checked: cannot log in",
  });
});

it("names the line of a missing digest, and warns where the registry cannot be reached", async () => {
  const text = `config:
  slipway:environments:
    production:
      services:
        fraud:
          workload: payments
          model:
            digest: ${missing}
`;
  const file = toStackFile({ stack: "prod", file: "Pulumi.prod.yaml", path: "/Pulumi.prod.yaml", text });
  const address = { url: registry.url, credentialsFile: "/nonexistent" };
  expect((await checkStackPins(file, address, {})).missing).toMatchObject([
    { line: 8, path: "slipway:environments.production.services.fraud.model.digest" },
  ]);
  await registry.close();
  expect((await checkStackPins(file, address, {})).warning).toMatch(
    /cannot be asked from here: it does not answer \(ECONNREFUSED\)$/,
  );
});
