import { expect, it } from "vitest";
import { pinModel } from "../../../operations/stack/pin-model.ts";
import { WrongRequest } from "../../../operations/wrong-request.ts";

const digest = `sha256:${"a".repeat(64)}`;
const file = `# Production.
config:
  slipway:environments:
    production:
      services:
        # The one that earns money.
        fraud:
          workload: payments
          model:
            digest: sha256:old # since March
          replicas: 3
        churn: { workload: customers }
        spam:
          workload: mail
          model: { follow: champion }
          target: { kind: sagemaker, canary: { model: { digest: sha256:next }, percent: 10 } }
`;
const pin = (service: string, environment = "production") =>
  pinModel(file, { environment, service, digest }, "Pulumi.prod.yaml");

it("changes one digest and nothing else: comments and order stay", () => {
  expect(pin("fraud")).toEqual({ text: file.replace("sha256:old", digest), before: "sha256:old" });
});

it("pins a service that had no model, or followed a tag", () => {
  expect(pin("churn")).toMatchObject({ before: "nothing", text: expect.stringContaining(digest) as string });
  const { text, before } = pin("spam");
  expect(before).toBe("follow: champion");
  expect(text).not.toContain("follow");
});

it("refuses an environment or a service that is not there, and names those that are", () => {
  expect(() => pin("nonsense")).toThrow(
    "Pulumi.prod.yaml: production has no service nonsense (services: fraud, churn, spam)",
  );
  expect(() => pin("fruad")).toThrow("has no service fruad; did you mean fraud? (services: ");
  expect(() => pin("fraud", "prod")).toThrow(
    "Pulumi.prod.yaml: there is no environment prod; did you mean production? (environments: production)",
  );
  expect(() => pin("fraud", "staging")).toThrow(WrongRequest);
});

it("writes the reason for which a version is accepted, and drops that of the version before", () => {
  const at = { environment: "production", service: "fraud", digest };
  const { text } = pinModel(file, { ...at, accept: "the old rows are wrong" }, "Pulumi.prod.yaml");
  expect(text).toContain("            accept: the old rows are wrong\n");
  expect(pinModel(text, at, "Pulumi.prod.yaml").text).not.toContain("accept");
  const canary = { ...at, service: "spam", canary: true, accept: "a small share" };
  expect(pinModel(file, canary, "Pulumi.prod.yaml").text).toContain("accept: a small share");
});

it("pins a canary, and leaves the service's own model alone", () => {
  const at = { environment: "production", digest, canary: true };
  expect(pinModel(file, { ...at, service: "spam" }, "Pulumi.prod.yaml")).toEqual({
    text: file.replace("sha256:next", digest),
    before: "sha256:next",
  });
  expect(() => pinModel(file, { ...at, service: "fraud" }, "Pulumi.prod.yaml")).toThrow(
    "Pulumi.prod.yaml: fraud: target.canary must have a model with a digest, got none",
  );
});

it.each([
  [
    "a service that another one repeats",
    "pushback: &p { workload: w }",
    "pushback: *p",
    "anchor &p, which others use",
  ],
  [
    "a model that another one repeats",
    "pushback: { model: &m { digest: d } }",
    "pushback: { model: *m }",
    "anchor &m, which others use",
  ],
  ["a service that repeats another one", "pushback: *q", "pushback: &q { workload: w }", "alias *q"],
])("refuses %s", (_title, staging, production, reason) => {
  const text = `config:
  slipway:environments:
    production: { services: { ${reason.startsWith("alias") ? production : "other: { workload: w }"} } }
    staging: { services: { ${staging} } }
    last: { services: { ${reason.startsWith("alias") ? "other: { workload: w }" : production} } }
`;
  const run = (): unknown =>
    pinModel(text, { environment: "staging", service: "pushback", digest }, "Pulumi.prod.yaml");
  expect(run).toThrow(WrongRequest);
  expect(run).toThrow(
    `Pulumi.prod.yaml: staging/pushback: must have text of its own, got the YAML ${reason}, so that a pin would change others too; write its keys out`,
  );
});

it("pins a service that takes other keys from an anchor", () => {
  const text = `config:
  slipway:environments:
    production:
      services:
        pushback: { <<: &base { workload: w }, model: { digest: d } }
        other: { <<: *base }
`;
  const { text: after } = pinModel(text, { environment: "production", service: "pushback", digest }, "f");
  expect(after).toBe(text.replace("digest: d", `digest: ${digest}`));
});

it("keeps the line ends of Windows", () => {
  const windows = file.replaceAll("\n", "\r\n");
  const { text } = pinModel(windows, { environment: "production", service: "fraud", digest }, "f");
  expect(text).toBe(windows.replace("sha256:old", digest));
});
