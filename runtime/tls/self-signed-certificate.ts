import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

export interface KeyAndCertificate {
  /** PKCS#8 in PEM. */
  key: string;
  /** X.509 in PEM. */
  certificate: string;
}

const YEAR_MS = 365.25 * 24 * 3600 * 1000;
/** Nobody checks the certificate, so it need not end before its pod. */
const YEARS = 100;

/**
 * Makes a key pair on P-256, and a certificate of version 1 for the name, signed by the key itself. For servers that need a certificate
 * to start although nobody calls them by TLS.
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function selfSignedCertificate(name: string, nowMs: number): KeyAndCertificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(ECDSA_WITH_SHA256);
  const holder = sequence(set(sequence(COMMON_NAME, der(0x0c, Buffer.from(name, "utf8")))));
  const validity = sequence(time(nowMs - 3600_000), time(nowMs + YEARS * YEAR_MS));
  const serial = der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])); // the first byte keeps it positive
  const body = sequence(
    serial,
    algorithm,
    holder,
    validity,
    holder,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = sign("sha256", body, { key: privateKey, dsaEncoding: "der" });
  const certificate = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${lines(certificate.toString("base64"))}-----END CERTIFICATE-----\n`,
  };
}

/** The object identifier 1.2.840.10045.4.3.2. */
const ECDSA_WITH_SHA256 = Buffer.from("06082a8648ce3d040302", "hex");
/** The object identifier 2.5.4.3. */
const COMMON_NAME = Buffer.from("0603550403", "hex");

/** Encodes one value: its tag, its length, its bytes. */
function der(tag: number, bytes: Buffer): Buffer {
  const { length } = bytes;
  const long = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, "0"), "hex");
  const size =
    length < 0x80 ? Buffer.from([length]) : Buffer.concat([Buffer.from([0x80 | long.length]), long]);
  return Buffer.concat([Buffer.from([tag]), size, bytes]);
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, Buffer.concat(parts));
const set = (...parts: Buffer[]): Buffer => der(0x31, Buffer.concat(parts));

/** Encodes a time: up to 2049 as UTCTime, with two digits of the year, later as GeneralizedTime. */
function time(ms: number): Buffer {
  const date = new Date(ms);
  const digits = date.toISOString().replaceAll(/[-:T]|\.\d+/g, "");
  return date.getUTCFullYear() < 2050
    ? der(0x17, Buffer.from(digits.slice(2), "ascii"))
    : der(0x18, Buffer.from(digits, "ascii"));
}

function lines(text: string): string {
  return text.replaceAll(/.{1,64}/g, "$&\n");
}
