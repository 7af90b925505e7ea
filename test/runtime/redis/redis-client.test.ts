import type { PeerCertificate } from "node:tls";
import { expect, it } from "vitest";
import { checkPinnedIdentity, redisClient } from "../../../runtime/redis/redis-client.ts";

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
  ["redis://store:6379", "-----BEGIN CERTIFICATE-----", "must be left out unless"],
  ["rediss://store:6379", "/nonexistent/ca.crt", "must be a PEM certificate or the path of one: ENOENT"],
  ["rediss://store:6379", "-----BEGIN PRIVATE KEY-----\nMII", "must be a PEM certificate, or the path"],
])("refuses %s with %j as its authority", (url, ca, message) => {
  expect(client(url, ca)).toThrow(message);
  expect(client(url, ca)).not.toThrow("for-this-test-only");
  expect(client(url, ca)).not.toThrow("MII");
});

it.each([
  ["10.1.2.3", "10.1.2.3", undefined, true],
  ["10.1.2.3", "10.1.2.4", undefined, false],
  ["10.1.2.3", "10.1.2.3", "DNS:redis.example.com", false],
  ["10.1.2.3", "other", "IP Address:10.1.2.3", true],
  ["redis.example.com", "redis.example.com", "DNS:redis.example.com", true],
  ["redis.example.com", "10.1.2.3", "DNS:other.example.com", false],
])(
  "%s with the common name %s and the alternative names %s is the host: %s",
  (host, CN, subjectaltname, is) => {
    const certificate = { subject: { CN }, subjectaltname } as PeerCertificate;
    expect(checkPinnedIdentity(host, certificate) === undefined).toBe(is);
  },
);

it.each([
  [undefined, null],
  ["staging", "staging"],
])("with the user name %j it is Redis' user %j", (username, expected) => {
  const { redis } = redisClient(
    {
      SLIPWAY_FEATURE_STORE_URL: "redis://store:6379",
      SLIPWAY_FEATURE_STORE_USERNAME: username,
      SLIPWAY_FEATURE_STORE_PASSWORD: "for-this-test-only",
    },
    { lazyConnect: true },
  );
  expect(redis.options.username ?? null).toBe(expected);
  redis.disconnect();
});
