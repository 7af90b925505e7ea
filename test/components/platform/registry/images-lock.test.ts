import { describe, expect, it } from "vitest";
import { imageReference, parseImagesLock } from "../../../../components/platform/registry/images-lock.ts";

const digest = `sha256:${"0".repeat(63)}1`;
const image = { repository: "slipway/redis", digest, sizeBytes: 1, source: "debian redis-server=7" };
const text = (redis: object): string => JSON.stringify({ schemaVersion: 1, images: { redis } });

describe("parseImagesLock", () => {
  it("reads a lock file with some of the images", () => {
    expect(parseImagesLock(text(image), "lock").images.redis).toEqual(image);
  });

  it.each([
    ["a tag in place of a digest", { ...image, digest: "latest" }, /images\.redis\.digest: must be sha256:/],
    ["a digest in upper case", { ...image, digest: digest.replace("1", "A") }, /images\.redis\.digest/],
    ["a repository with a host", { ...image, repository: "host:5000/redis" }, /images\.redis\.repository/],
    ["a size of 0", { ...image, sizeBytes: 0 }, /images\.redis\.sizeBytes/],
    ["an unknown key", { ...image, host: "10.0.0.1" }, /host/],
  ])("refuses %s, with its path", (_, wrong, message) => {
    expect(() => parseImagesLock(text(wrong), "images.dev.lock.json")).toThrow(message);
    expect(() => parseImagesLock(text(wrong), "images.dev.lock.json")).toThrow(/^images\.dev\.lock\.json: /);
  });

  it("refuses an image that the platform does not know, another schema, and text that is not JSON", () => {
    expect(() =>
      parseImagesLock(JSON.stringify({ schemaVersion: 1, images: { nginx: image } }), "l"),
    ).toThrow(/nginx/);
    expect(() => parseImagesLock(JSON.stringify({ schemaVersion: 2, images: {} }), "l")).toThrow(
      /schemaVersion/,
    );
    expect(() => parseImagesLock("{", "l")).toThrow(/l: must be JSON/);
  });
});

describe("imageReference", () => {
  const lock = parseImagesLock(text(image), "lock");

  it("returns the image by digest in a registry with or without a path prefix", () => {
    expect(imageReference(lock, "10.88.0.1:5000", "redis")).toBe(`10.88.0.1:5000/slipway/redis@${digest}`);
    expect(imageReference(lock, "host/team", "redis")).toBe(`host/team/slipway/redis@${digest}`);
  });

  it("throws for an image that is not in the lock file", () => {
    expect(() => imageReference(lock, "host", "runtime")).toThrow(/must name the image runtime/);
  });
});
