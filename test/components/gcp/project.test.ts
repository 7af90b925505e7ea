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

test("enables each API once, and creates each agent except that of Compute Engine", async () => {
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

test("sets the retention of the log bucket of the project with logDays", async () => {
  const type = "gcp:logging/projectBucketConfig:ProjectBucketConfig";
  expect(find((await build({ logDays: 400 })).resources, type, "project-logs")).toEqual({
    project: "acme-ml",
    location: "global",
    bucketId: "_Default",
    retentionDays: 400,
  });
  await expect(build({ logDays: 0 })).rejects.toThrow("project: logDays must be between 1 and 3650, got 0");
});

test("deleting the stack disables no API", async () => {
  const { resources } = await build();
  expect(find(resources, "gcp:projects/service:Service", "project-dns-api")).toEqual({
    project: "acme-ml",
    service: "dns.googleapis.com",
    disableOnDestroy: false,
    disableDependentServices: false,
  });
});

test("reads the number of the project from one agent, and builds the addresses of the others", async () => {
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

test("refuses an agent that is not in agents", async () => {
  const { result } = await build();
  expect(() => result.agent("storage")).toThrow("project: agents must contain storage");
});
