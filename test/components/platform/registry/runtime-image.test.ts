import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import {
  RuntimeImage,
  type RuntimeImageArgs,
} from "../../../../components/platform/registry/runtime-image.ts";
import { find, list, record } from "../../record.ts";

const repository = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/slipway/runtime";
const base = `registry.example.com/distroless/cc@sha256:${"b".repeat(64)}`;
const build = (args: Partial<RuntimeImageArgs> = {}) =>
  record(
    () =>
      new RuntimeImage("runtime", {
        repository: pulumi.output(repository),
        tag: "7f0de54-b1",
        revision: "7f0de54",
        base,
        context: "../dist/context",
        dockerfile: "../runtime/Dockerfile",
        ...args,
      }),
  );

test("it is one Docker image, built from the staged context for linux/amd64 and with its tag", async () => {
  const { resources } = await build();
  expect(list(resources)).toEqual([
    "docker:index/image:Image runtime-image",
    "slipway:images:RuntimeImage runtime",
  ]);
  expect(find(resources, "docker:index/image:Image", "runtime-image")).toEqual({
    imageName: `${repository}:7f0de54-b1`,
    buildOnPreview: false,
    skipPush: false,
    build: {
      context: "../dist/context",
      dockerfile: "../runtime/Dockerfile",
      platform: "linux/amd64",
      args: { BASE: base, REVISION: "7f0de54" },
      builderVersion: "BuilderBuildKit",
    },
  });
});

test("with credentials it logs in to the registry's host, and the password is a secret", async () => {
  const { resources } = await build({ credentials: { username: "AWS", password: "a-token" } });
  expect(find(resources, "docker:index/image:Image", "runtime-image")["registry"]).toEqual({
    secret: {
      server: "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
      username: "AWS",
      password: "a-token",
    },
  });
});

test("its reference has the pushed digest, which is unknown before the push", async () => {
  const { result } = await build();
  expect(pulumi.Output.isInstance(result.reference)).toBe(true);
});

test.each(["", "-x", "a b", "x".repeat(129)])("refuses the tag %j", async (tag) => {
  await expect(build({ tag })).rejects.toThrow("runtime: tag must be 1 to 128 letters");
});
