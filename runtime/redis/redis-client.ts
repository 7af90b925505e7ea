import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import { Redis, type RedisOptions } from "ioredis";
import type { FeatureStoreEnv } from "../contract/env.ts";
import { BadInput, describeError } from "../errors.ts";
import { RedisConnector } from "./redis-connector.ts";

export interface RedisClient {
  redis: Redis;
  /** Why the last connection failed, and what to do; undefined while it holds. */
  problem: () => string | undefined;
}

/**
 * A client of the feature store's Redis: over TLS where its URL is `rediss://`, and then only if the certificate is for that
 * host and signed by SLIPWAY_FEATURE_STORE_CA, or without it by a public authority.
 */
export function redisClient(env: FeatureStoreEnv, options: RedisOptions): RedisClient {
  const { SLIPWAY_FEATURE_STORE_URL: url, SLIPWAY_FEATURE_STORE_PASSWORD: password } = env;
  const { SLIPWAY_FEATURE_STORE_USERNAME: username, SLIPWAY_FEATURE_STORE_CA: ca } = env;
  const secure = new URL(url).protocol === "rediss:";
  if (ca !== undefined && !secure)
    throw new BadInput(
      "SLIPWAY_FEATURE_STORE_CA: goes with a rediss:// address; the feature store's is redis://: change one of the two",
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
 * Whether an error says that the server is no primary any more: after a failover an open connection still leads to the
 * former one, while the store's name leads to the new one.
 */
export function isNoPrimary({ message }: Error): boolean {
  return /^(READONLY|MASTERDOWN) /.test(message);
}

/**
 * Whether a certificate that a pinned authority signed is for a host. Beyond what Node accepts: an address that is the
 * common name of a certificate without alternative names, as Memorystore's are.
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

/** OpenSSL's names of a certificate that no trusted authority signed. @see https://nodejs.org/api/tls.html#x509-certificate-error-codes */
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
