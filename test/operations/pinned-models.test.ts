import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkPinnedModels, pinnedModels } from "../../operations/pinned-models.ts";
import { checkStackPins } from "../../operations/check-stack-pins.ts";
import { toStackFile } from "../../operations/stack/load-stack-file.ts";
import { putModel, type PackagedModel } from "./packaged-model.ts";
import { flightDelays } from "../runtime/support/flight-delays.ts";
import { fakeRegistry, type FakeRegistry } from "./fake-registry.ts";

const digestOf = (reference: string): string => reference.split("@")[1] ?? "";
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
      workload: "payments",
      repository: "payments/fraud/model",
      digest: "sha256:a",
    },
    {
      environment: "production",
      service: "spam",
      canary: true,
      workload: "mail",
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
  const push = (repository: string): string => {
    const [workload = "", model = ""] = repository.split("/");
    return digestOf(putModel(registry, { workload, model }));
  };

  it("is content with digests that the registry has", async () => {
    expect(await check(push("payments/fraud/model"), push("mail/spam/model"))).toEqual({
      wrong: [],
      notices: [],
    });
  });

  it("names the key, the digest and the repository of a missing model", async () => {
    const { wrong: found } = await check(missing, push("mail/spam/model"));
    expect(found).toEqual([
      {
        path: ["environments", "production", "services", "fraud", "model", "digest"],
        kind: "wrong",
        message: `must name a model in registry ${registry.client.name}, got ${missing}, which payments/fraud/model does not have`,
        fix: "name another with npm run pin, or push this one first",
      },
    ]);
    const [canary] = (await check(push("payments/fraud/model"), missing)).wrong;
    expect(canary?.path.slice(3)).toEqual(["spam", "target", "canary", "model", "digest"]);
  });

  it.each([401, 403, 500])(
    "warns where the registry answers %i, and does not say that a digest is missing",
    async (status) => {
      registry.failWith(status);
      const { wrong: found, warning } = await check(missing, missing);
      expect(found).toEqual([]);
      expect(warning).toMatch(
        /^the pinned digests of production\/fraud, production\/spam are not checked, because registry .* cannot be asked from here: /,
      );
    },
  );
});

describe("a pinned version", () => {
  const other = `sha256:${"b".repeat(64)}`;
  const strict = {
    ...flightDelays,
    models: flightDelays.models.map((each) => ({
      ...each,
      gate: { checks: [{ metric: "auc", min: 0.95 }] },
    })),
  };
  const check = async (
    changes: Partial<PackagedModel>,
    { accept, workload = flightDelays }: { accept?: string; workload?: typeof flightDelays } = {},
  ): Promise<{ wrong: string[]; notices: string[] }> => {
    const reference = putModel(registry, { workload: "flight-delays", model: "pushback", ...changes });
    const model = { digest: digestOf(reference), ...(accept === undefined ? {} : { accept }) };
    const services = { pushback: { workload: "flight-delays", model } };
    const pins = pinnedModels({ config: { "slipway:environments": { production: { services } } } });
    const { wrong, notices } = await checkPinnedModels(pins, registry.client, () =>
      Promise.resolve(workload),
    );
    return { wrong: wrong.map(({ message, fix }) => `${message}; ${fix ?? ""}`), notices };
  };

  it("whose parts belong together and whose gate passes is served without a word", async () => {
    expect(await check({})).toEqual({ wrong: [], notices: [] });
  });

  it.each<[string, Partial<PackagedModel>, RegExp]>([
    [
      "model.onnx of another model",
      { onnx: { other: 1 } },
      /model-card.json must be for model.onnx sha256:\w+, got sha256:\w+; provenance.json must be for/,
    ],
    [
      "card of another model",
      { card: { onnx: other } },
      /model-card.json must be for model.onnx .*, got sha256:bbbb/,
    ],
    [
      "provenance of another model",
      { provenance: { subject: [{ digest: { sha256: "b".repeat(64) } }] } },
      /provenance.json must be for model.onnx .*, got sha256:bbbb/,
    ],
    [
      "evaluation of another model",
      { evaluation: { onnx: other } },
      /the evaluation flight-delays\/pushback\/evaluation@sha256:\w+ must be of model.onnx .*, got sha256:bbbb/,
    ],
    [
      "evaluation of another candidate",
      { evaluation: { candidate: `flight-delays/pushback/candidate@${other}` } },
      /must be of candidate .*, got flight-delays\/pushback\/candidate@sha256:bbbb/,
    ],
    [
      "card with better metrics than its evaluation",
      { evaluation: { metrics: { auc: 0.5 } } },
      /model-card.json must have the auc of its evaluation, 0.5, got 0.9/,
    ],
    [
      "card that its gate refused",
      { card: { gate: { verdict: "refused", checks: [], reason: "too bad" } } },
      /its gate must have passed when it was packaged, got: too bad/,
    ],
    [
      "card of another repository",
      { card: { name: "two-hours-before" } },
      /must be of flight-delays\/pushback\/model, got that of flight-delays\/two-hours-before\/model/,
    ],
    ["card of no form", { card: { schemaVersion: 2 } }, /model-card.json: schemaVersion/],
  ])("with the %s is refused, and nothing accepts it", async (_, changes, message) => {
    for (const options of [{}, { accept: "the boss wants it" }]) {
      const { wrong } = await check(changes, options);
      expect(wrong.join()).toMatch(message);
      expect(wrong.join()).toMatch(/must name a model whose parts belong together/);
      expect(wrong.join()).toMatch(/npm run train -- --model pushback/);
    }
  });

  it("that today's gate refuses is refused, unless a reason is written beside it", async () => {
    const { wrong, notices } = await check({}, { workload: strict });
    expect(wrong.join()).toMatch(
      /must name a model that passes its gate as it is in this checkout, got sha256:\w+: auc must be at least 0.95, got 0.9000.*accept: "why it may be served"/,
    );
    expect(notices).toEqual([]);
    const accepted = await check({}, { workload: strict, accept: "until the new rows are there" });
    expect(accepted.wrong).toEqual([]);
    expect(accepted.notices.join()).toMatch(
      /^production\/pushback serves sha256:\w{12} although its gate refuses it \(auc .*\); accepted: until the new rows are there$/,
    );
    const idle = await check({}, { accept: "until the new rows are there" });
    expect(idle.notices.join()).toMatch(/passes its gate: accept can be removed/);
  });

  it("of an older version of Slipway is served with a warning", async () => {
    const { wrong, notices } = await check({
      card: { onnx: undefined },
      provenance: { subject: [], predicate: {} },
      evaluation: { onnx: undefined },
    });
    expect(wrong).toEqual([]);
    expect(notices.join()).toMatch(
      /model-card.json and provenance.json and evaluation.json do not name its model.onnx, so that only its examples are compared; train again/,
    );
  });
});

it("warns where nobody is logged in to the registry", async () => {
  const text = `config:\n  slipway:environments:\n    production:\n      services:\n        fraud: { workload: payments, model: { digest: "${missing}" } }\n`;
  const file = toStackFile({ stack: "prod", file: "Pulumi.prod.yaml", path: "/Pulumi.prod.yaml", text });
  const login = (): Promise<never> => Promise.reject(new Error("cannot log in"));
  expect(
    await checkStackPins(file, { url: registry.url, credentialsFile: "/nonexistent", login }, {}),
  ).toEqual({
    wrong: [],
    notices: [],
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
  expect((await checkStackPins(file, address, {})).wrong).toMatchObject([
    { line: 8, path: "slipway:environments.production.services.fraud.model.digest" },
  ]);
  await registry.close();
  expect((await checkStackPins(file, address, {})).warning).toMatch(
    /cannot be asked from here: it does not answer \(ECONNREFUSED\)$/,
  );
});
