import { expect, it } from "vitest";
import { redisClient } from "../../../runtime/features/redis-client.ts";

const client = (url: string, ca: string) => (): unknown =>
  redisClient(
    {
      SLIPWAY_FEATURE_STORE_URL: url,
      SLIPWAY_FEATURE_STORE_PASSWORD: "for-this-test-only",
      SLIPWAY_FEATURE_STORE_CA: ca,
    },
    { lazyConnect: true },
  );

it.each([
  ["redis://store:6379", "-----BEGIN CERTIFICATE-----", "goes with a rediss:// address"],
  ["rediss://store:6379", "/nonexistent/ca.crt", "must be a PEM certificate or the path of one: ENOENT"],
  ["rediss://store:6379", "-----BEGIN PRIVATE KEY-----\nMII", "must be a PEM certificate, or the path"],
])("refuses %s with %j as its authority", (url, ca, message) => {
  expect(client(url, ca)).toThrow(message);
  expect(client(url, ca)).not.toThrow("for-this-test-only");
  expect(client(url, ca)).not.toThrow("MII");
});
