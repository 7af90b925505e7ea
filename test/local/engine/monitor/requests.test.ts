import aliasPb from "@pulumi/pulumi/proto/alias_pb.js";
import resourcePb from "@pulumi/pulumi/proto/resource_pb.js";
import { describe, expect, it } from "vitest";
import {
  parseDuration,
  toAlias,
  toGoal,
  withTransformed,
} from "../../../../local/engine/monitor/requests.ts";

describe("a registration request", () => {
  it("tells what was left open from what was set to false", () => {
    const request = new resourcePb.RegisterResourceRequest();
    request.setType("a:b:C").setName("n").setCustom(true);
    expect(toGoal(request)).toMatchObject({
      protect: undefined,
      retainOnDelete: undefined,
      parent: undefined,
    });
    expect(toGoal(request).deleteBeforeReplace).toBeUndefined();
    request.setProtect(false).setRetainondelete(false).setDeletebeforereplacedefined(true);
    expect(toGoal(request)).toMatchObject({
      protect: false,
      retainOnDelete: false,
      deleteBeforeReplace: false,
    });
  });

  it("keeps dependencies by property, and a component's providers", () => {
    const request = new resourcePb.RegisterResourceRequest();
    const dependencies = new resourcePb.RegisterResourceRequest.PropertyDependencies().setUrnsList(["urn:a"]);
    request.getPropertydependenciesMap().set("spec", dependencies);
    request.getProvidersMap().set("kubernetes", "urn::id");
    expect(toGoal(request)).toMatchObject({
      propertyDependencies: { spec: ["urn:a"] },
      providers: { kubernetes: "urn::id" },
    });
  });

  it("keeps the version of a provider among its inputs, and that of a resource out of them", () => {
    const request = new resourcePb.RegisterResourceRequest().setName("n").setVersion("4.34.2");
    expect(toGoal(request.setType("pulumi:providers:kubernetes")).inputs).toEqual({ version: "4.34.2" });
    expect(toGoal(request.setType("kubernetes:core/v1:Pod"))).toMatchObject({
      inputs: {},
      version: "4.34.2",
    });
  });

  it("reads both forms of an alias", () => {
    expect(toAlias(new aliasPb.Alias().setUrn("urn:x"))).toEqual({ urn: "urn:x" });
    const spec = new aliasPb.Alias.Spec().setName("old").setNoparent(true);
    expect(toAlias(new aliasPb.Alias().setSpec(spec))).toMatchObject({
      name: "old",
      noParent: true,
      type: undefined,
    });
  });

  it("takes every option that a transform gives back", () => {
    const goal = toGoal(new resourcePb.RegisterResourceRequest().setType("a:b:C").setName("n"));
    const options = new resourcePb.TransformResourceOptions();
    options.setProtect(true).setIgnoreChangesList(["x"]).setDependsOnList(["urn:d"]).setDeletedWith("urn:w");
    expect(withTransformed({ ...goal, providers: { p: "urn::1" } }, options)).toMatchObject({
      protect: true,
      ignoreChanges: ["x"],
      dependencies: ["urn:d"],
      deletedWith: "urn:w",
      providers: { p: "urn::1" },
    });
  });
});

describe("a duration", () => {
  it.each<[string, number | undefined]>([
    ["", undefined],
    ["30s", 30],
    ["5m", 300],
    ["1h30m", 5400],
    ["1.5h", 5400],
    ["250ms", 0.25],
    ["300000000000ns", 300],
  ])("%s is %s seconds", (text, seconds) => {
    expect(parseDuration(text)).toEqual(seconds === undefined ? undefined : expect.closeTo(seconds, 6));
  });

  it.each(["5", "m", "5 m", "five"])("%s is refused", (text) => {
    expect(() => parseDuration(text)).toThrow(/must be a duration/);
  });
});
