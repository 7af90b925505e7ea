import fc from "fast-check";
import { expect, test } from "vitest";
import { accountEmail, accountId, workloadMember } from "../../../components/gcp/account-id.ts";
import { agentMember, projectNumber } from "../../../components/gcp/agents.ts";
import { planRepositories, registryLocation } from "../../../components/gcp/repositories.ts";

test("reads the number of a project from the address of an agent", () => {
  const number = projectNumber("service-123456789012@container-engine-robot.iam.gserviceaccount.com");
  expect(number).toBe("123456789012");
  expect(agentMember(number, "storage")).toBe(
    "serviceAccount:service-123456789012@gs-project-accounts.iam.gserviceaccount.com",
  );
  expect(() => projectNumber("someone@example.com")).toThrow(
    "service agent: must be service-NUMBER@…, got someone@example.com; is the API enabled",
  );
});

test("an account id is made of its parts if they fit", () => {
  expect(accountId("acme", "platform", "training")).toBe("acme-platform-training");
  expect(accountEmail("acme-platform-training", "acme-ml")).toBe(
    "acme-platform-training@acme-ml.iam.gserviceaccount.com",
  );
});

const part = fc.stringMatching(/^[a-z][a-z0-9]{0,38}$/);

test("an account id is always valid for Google", () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
      expect(accountId(...parts)).toMatch(/^[a-z]([a-z0-9-]{4,28})[a-z0-9]$/);
    }),
  );
});

test("two long and similar service accounts have different ids", () => {
  const long = "a".repeat(40);
  expect(accountId("acme", "production", `${long}1`)).not.toBe(accountId("acme", "production", `${long}2`));
  expect(accountId("acme", `${long}-b`, "c")).not.toBe(accountId("acme", long, "b-c"));
});

test("a workload member names exactly one service account", () => {
  expect(workloadMember("acme-ml", "platform", "training")).toBe(
    "serviceAccount:acme-ml.svc.id.goog[platform/training]",
  );
});

test("reads location, project and prefix from the URL of a registry", () => {
  expect(registryLocation("https://europe-west4-docker.pkg.dev/acme-ml/team")).toEqual({
    host: "europe-west4-docker.pkg.dev",
    location: "europe-west4",
    project: "acme-ml",
    prefix: ["team"],
  });
  expect(registryLocation("https://eu-docker.pkg.dev/acme-ml").prefix).toEqual([]);
});

test.each(["https://registry.example.com/acme-ml", "https://europe-west4-docker.pkg.dev"])(
  "%s is no Artifact Registry",
  (url) => {
    expect(() => registryLocation(url)).toThrow(
      `registry: url must be https://LOCATION-docker.pkg.dev/PROJECT, with an optional path, got ${url}`,
    );
  },
);

const artifacts = ["flight-delays/source", "flight-delays/pushback/model", "flight-delays/pushback/drift"];

test("without a prefix, the first part of a path is the repository", () => {
  expect(planRepositories([], ["slipway/runtime", ...artifacts, "slipway/redis"])).toEqual([
    { id: "flight-delays", temporaryPackages: ["pushback/drift"] },
    { id: "slipway", temporaryPackages: [] },
  ]);
});

test("with a prefix everything is in one repository", () => {
  expect(planRepositories(["team"], artifacts)).toEqual([
    { id: "team", temporaryPackages: ["flight-delays/pushback/drift"] },
  ]);
});
