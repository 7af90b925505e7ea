import type * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { GcpProject, type GcpProjectArgs } from "../../../components/gcp/project.ts";
import { PROJECT_NUMBER } from "./gcp-outputs.ts";
import { find, list, record } from "../record.ts";

const build = (args: Partial<GcpProjectArgs> = {}) =>
  record(
    () =>
      new GcpProject("project", {
        project: "acme-ml",
        apis: ["dns", "redis"],
        agents: ["redis", "compute"],
        ...args,
      }),
  );

const value = async <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => output.apply(resolve));

test("each API is enabled once, and each agent but Compute Engine's is asked for", async () => {
  const { resources } = await build();
  expect(list(resources)).toEqual([
    "gcp:projects/service:Service project-artifactregistry-api",
    "gcp:projects/service:Service project-compute-api",
    "gcp:projects/service:Service project-dns-api",
    "gcp:projects/service:Service project-redis-api",
    "gcp:projects/serviceIdentity:ServiceIdentity project-artifactregistry-agent",
    "gcp:projects/serviceIdentity:ServiceIdentity project-redis-agent",
    "slipway:project:GcpProject project",
  ]);
});

test("an API stays enabled when the stack goes: others may use it", async () => {
  const { resources } = await build();
  expect(find(resources, "gcp:projects/service:Service", "project-dns-api")).toEqual({
    project: "acme-ml",
    service: "dns.googleapis.com",
    disableOnDestroy: false,
    disableDependentServices: false,
  });
});

test("the project's number comes from an agent, and names the others", async () => {
  const { result } = await build();
  expect(await value(result.id)).toBe("acme-ml");
  expect(await value(result.number)).toBe(PROJECT_NUMBER);
  expect(await value(result.agent("redis"))).toBe(
    `serviceAccount:service-${PROJECT_NUMBER}@cloud-redis.iam.gserviceaccount.com`,
  );
  expect(await value(result.agent("compute"))).toBe(
    `serviceAccount:service-${PROJECT_NUMBER}@compute-system.iam.gserviceaccount.com`,
  );
});

test("an agent that nobody asked for is refused", async () => {
  const { result } = await build();
  expect(() => result.agent("storage")).toThrow("project: agents must contain storage");
});
