import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import { Redis, type RedisOptions } from "ioredis";
import type { FeatureStoreEnv } from "../contract/env.ts";
import { BadInput, describeError } from "../errors.ts";
import { RedisConnector } from "./redis-connector.ts";

export interface RedisClient {
  redis: Redis;
  /** Returns why the last connection failed, and a fix; undefined while Redis is connected. */
  problem: () => string | undefined;
}

/**
 * Returns a client of the feature store's Redis. A `rediss://` URL uses TLS and requires a certificate for that host, signed by
 * SLIPWAY_FEATURE_STORE_CA or, without it, by a public authority.
 */
export function redisClient(env: FeatureStoreEnv, options: RedisOptions): RedisClient {
  const { SLIPWAY_FEATURE_STORE_URL: url, SLIPWAY_FEATURE_STORE_PASSWORD: password } = env;
  const { SLIPWAY_FEATURE_STORE_USERNAME: username, SLIPWAY_FEATURE_STORE_CA: ca } = env;
  const secure = new URL(url).protocol === "rediss:";
  if (ca !== undefined && !secure)
    throw new BadInput(
      "SLIPWAY_FEATURE_STORE_CA: must be left out unless SLIPWAY_FEATURE_STORE_URL is rediss://, got redis://: change one of the two",
    );
  const tls = secure
    ? { tls: ca === undefined ? {} : { ca: readCa(ca), checkServerIdentity: checkPinnedIdentity } }
    : {};
  const redis = new Redis(url, {
    ...(username === undefined ? {} : { username }),
    password,
    Connector: RedisConnector,
    reconnectOnError: isNoPrimary,
    ...options,
    ...tls,
  });
  let problem: string | undefined;
  redis.on("error", (error: Error) => (problem = connectionProblem(error)));
  redis.on("ready", () => (problem = undefined));
  return { redis, problem: () => problem };
}

/**
 * True if an error says that the server is no longer the primary: after a failover an open connection still leads to the former
 * primary, while the store's name leads to the new one.
 */
export function isNoPrimary({ message }: Error): boolean {
  return /^(READONLY|MASTERDOWN) /.test(message);
}

/**
 * Checks that a certificate of a pinned authority is for a host. Unlike Node, it also accepts an address that is the common name of a
 * certificate without alternative names, as Memorystore's are.
 */
export function checkPinnedIdentity(host: string, certificate: PeerCertificate): Error | undefined {
  const named =
    isIP(host) !== 0 && certificate.subjectaltname === undefined && certificate.subject.CN === host;
  return named ? undefined : checkServerIdentity(host, certificate);
}

function readCa(ca: string): string {
  let pem = ca;
  if (!ca.includes("-----BEGIN")) {
    try {
      pem = readFileSync(ca, "utf8");
    } catch (error) {
      throw new BadInput(
        `SLIPWAY_FEATURE_STORE_CA: must be a PEM certificate or the path of one: ${describeError(error)}`,
      );
    }
  }
  if (!pem.includes("-----BEGIN CERTIFICATE-----"))
    throw new BadInput("SLIPWAY_FEATURE_STORE_CA: must be a PEM certificate, or the path of a file with one");
  return pem;
}

/** OpenSSL's errors for a certificate that no trusted authority signed. @see https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const NOT_TRUSTED = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_SIGNATURE_FAILURE",
]);

function connectionProblem(error: Error): string {
  const { code = "" } = error as NodeJS.ErrnoException;
  if (NOT_TRUSTED.has(code))
    return `its certificate is not signed by a trusted authority (${code}): set SLIPWAY_FEATURE_STORE_CA to the PEM of the one that signed it`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return "its certificate is for another host: use the name in the certificate in SLIPWAY_FEATURE_STORE_URL";
  if (code === "CERT_HAS_EXPIRED") return "its certificate has expired: renew it";
  return `${describeError(error)}; check that Redis runs`;
}
