import { describe, expect, it } from "vitest";
import { parseProviderConfig } from "../../../../../local/engine/providers/kubernetes/provider-config.ts";
import { Secret, UNKNOWN } from "../../../../../local/engine/values/property-value.ts";

describe("the provider's config", () => {
  it("has pulumi-kubernetes' defaults", () => {
    expect(parseProviderConfig({}).config).toEqual({
      deleteUnreachable: false,
      skipUpdateUnreachable: false,
      enableConfigMapMutable: false,
      enableSecretMutable: false,
      enablePatchForce: false,
      upsertExistingObjects: false,
    });
  });

  it("takes flags as text, as Pulumi's wire carries them, opens secrets and passes over its version", () => {
    const { config } = parseProviderConfig({
      enablePatchForce: "true",
      kubeconfig: new Secret("x"),
      version: "4.34.2",
    });
    expect(config).toMatchObject({ enablePatchForce: true, kubeconfig: "x" });
    expect(config).not.toHaveProperty("version");
  });

  it("names what is not known yet", () => {
    expect(parseProviderConfig({ kubeconfig: UNKNOWN })).toMatchObject({ unknown: ["kubeconfig"] });
  });

  it.each([
    [
      { renderYamlToDirectory: "out" },
      /renderYamlToDirectory: rendering manifests instead of deploying is not supported/,
    ],
    [{ enableServerSideApply: false }, /enableServerSideApply must be true, got false/],
    [{ enableServerSideApply: "false" }, /enableServerSideApply must be true/],
    [{ deleteUnreachable: "maybe" }, /deleteUnreachable/],
  ])("refuses what cannot be honoured (%j)", (config, message) => {
    expect(() => parseProviderConfig(config)).toThrow(message);
  });
});
