import { expect, test, vi } from "vitest";
import { resolveServices } from "../../../stacks/config/resolve-services.ts";
import { formatRunningServices, parseRunningServices } from "../../../stacks/config/running-services.ts";
import type { ServiceConfig } from "../../../stacks/config/schema/environment.ts";
import type { TagResolver } from "../../../stacks/config/tag-resolver.ts";

const digest = `sha256:${"b".repeat(64)}`;
const pinned = `sha256:${"c".repeat(64)}`;
const workload = "flight-delays";
const withTags =
  (...tags: string[]): TagResolver =>
  (_repository, tag) =>
    Promise.resolve(tags.includes(tag) ? digest : undefined);
const production = (pushback: Omit<ServiceConfig, "workload">): Parameters<typeof resolveServices>[0] => ({
  production: { services: { pushback: { workload, ...pushback } }, quota: {} },
});
const running = (reference: string): ReturnType<typeof parseRunningServices> =>
  parseRunningServices(formatRunningServices([{ environment: "production", name: "pushback", reference }]));

test("a service gets its pinned digest without a request, or the digest of its tag", async () => {
  const resolveTag = vi.fn(withTags("challenger"));
  const { services, notices } = await resolveServices(
    {
      staging: {
        services: { late: { workload, modelName: "pushback", model: { follow: "challenger" } } },
        quota: {},
      },
      production: { services: { pinned: { workload, model: { digest: pinned } } }, quota: {} },
    },
    { resolveTag },
  );
  expect(services.map(({ environment, name, reference }) => [environment, name, reference])).toEqual([
    ["staging", "late", `flight-delays/pushback/model@${digest}`],
    ["production", "pinned", `flight-delays/pinned/model@${pinned}`],
  ]);
  expect(notices).toEqual([]);
  expect(resolveTag).toHaveBeenCalledExactlyOnceWith("flight-delays/pushback/model", "challenger");
});

test("a service whose model was never promoted is left out, and a notice says so", async () => {
  const { services, notices } = await resolveServices(
    {
      production: {
        services: { pushback: { workload, model: { follow: "champion" } }, none: { workload } },
        quota: {},
      },
    },
    { resolveTag: withTags("challenger") },
  );
  expect(services).toEqual([]);
  expect(notices).toEqual([
    "production/pushback: no model yet (flight-delays/pushback/model has no tag champion): the service is left out",
    "production/none: no model yet (slipway:environments.production.services.none.model is not set): the service is left out",
  ]);
});

test("a running service keeps its version if its tag was deleted", async () => {
  const { services, notices } = await resolveServices(production({ model: { follow: "champion" } }), {
    resolveTag: withTags(),
    running: running(`flight-delays/pushback/model@${pinned}`),
  });
  expect(services.map(({ digest: kept }) => kept)).toEqual([pinned]);
  expect(notices).toEqual([
    `production/pushback: tag champion of flight-delays/pushback/model no longer exists; the service keeps its version ${pinned}: point the tag at a version, or pin one`,
  ]);
});

test.each<[string, Omit<ServiceConfig, "workload">, string]>([
  [
    "would change to a model that was never promoted",
    { modelName: "other", model: { follow: "champion" } },
    "production.services.pushback.model: must name a version of flight-delays/other/model while the service runs",
  ],
  [
    "has lost its model key",
    {},
    "production.services.pushback.model: must be set while the service runs (flight-delays/pushback/model@sha256:",
  ],
])("a running service that %s is an error, and does not end", async (_title, service, message) => {
  const resolving = resolveServices(production(service), {
    resolveTag: withTags(),
    running: running(`flight-delays/pushback/model@${pinned}`),
  });
  await expect(resolving).rejects.toThrow(message);
  await expect(resolving).rejects.toThrow("remove the service production/pushback to end it");
});

test("a missing challenger beside a champion is an error, even if the running services are not known", async () => {
  const resolving = resolveServices(production({ model: { follow: "challenger" } }), {
    resolveTag: withTags("champion"),
  });
  await expect(resolving).rejects.toThrow(
    "got no tag challenger of flight-delays/pushback/model, which has a champion",
  );
});

test("without the variable, the running services are not known", () => {
  expect(parseRunningServices(undefined)).toBeUndefined();
  expect(parseRunningServices("")).toBeUndefined();
  expect(parseRunningServices("{}")).toEqual(new Map());
});
