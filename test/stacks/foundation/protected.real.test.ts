import { expect, test } from "vitest";
import { destroy, stackResources, up } from "../../../local/engine/engine.ts";
import { awsProgram } from "./cloud-programs.ts";
import { engineOptions, FakeClouds } from "./fake-clouds.ts";
import { nameOf } from "./lifetimes.ts";

test("a protected foundation is not destroyed, not even in part, until the protection is removed", async () => {
  const clouds = new FakeClouds(awsProgram);
  const options = { ...engineOptions(awsProgram, true).foundation, providers: clouds.providers };
  expect((await up(options)).failed).toEqual([]);
  const before = await stackResources(options);
  const kept = before.filter(({ protect }) => protect === true).map(({ urn }) => urn as string);
  expect(kept.map(nameOf)).toEqual(
    expect.arrayContaining([
      "cluster-control-plane-cluster",
      "database-instance",
      "objects-bucket",
      "objects-encryption-key",
      "redis-replicas",
    ]),
  );

  const refused = await destroy(options);
  expect(refused.ok).toBe(false);
  expect(refused.counts.delete).toBe(0);
  expect(refused.failed.map(({ urn }) => urn).sort()).toEqual(kept.toSorted());
  const said = refused.diagnostics.filter(({ severity }) => severity === "error");
  expect(said.map(({ urn }) => urn).sort()).toEqual(kept.sort());
  for (const { message } of said)
    expect(message).toBe(
      "cannot be deleted: it is protected; take `protect` off in the program, run `up`, and try again",
    );
  expect(
    [...clouds.lifetimes.keys()].filter((urn) => clouds.lifetimes.get(urn)?.deleteBegan !== undefined),
  ).toEqual([]);
  expect(await stackResources(options)).toEqual(before);

  const open = { ...options, config: { protect: "false" } };
  expect((await up(open)).failed).toEqual([]);
  expect((await destroy(open)).ok).toBe(true);
  expect(await stackResources(open)).toEqual([]);
}, 120_000);
