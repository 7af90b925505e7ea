import { expect, test } from "vitest";
import { IdentityRegistry } from "../../../../components/platform/registry/identity-registry.ts";
import { lock } from "../../stage.ts";

test.each([
  ["https://acmeml.azurecr.io", "acmeml.azurecr.io"],
  ["https://acmeml.azurecr.io/ml/", "acmeml.azurecr.io/ml"],
])("references the images of %s by digest under the path of the URL", (url, base) => {
  const registry = new IdentityRegistry(url, lock);
  expect(registry.image("redis")).toBe(`${base}/slipway/redis@${lock.images.redis?.digest}`);
});

test("gives pods the URL and no credentials", () => {
  const url = "https://acmeml.azurecr.io/ml";
  expect(new IdentityRegistry(url, lock).accessFrom()).toEqual({ url });
});

test("names an image that the lock file lacks", () => {
  const registry = new IdentityRegistry("https://acmeml.azurecr.io", { schemaVersion: 1, images: {} });
  expect(() => registry.image("redis")).toThrow(
    /must name the image redis; build or mirror the images again/,
  );
});
