import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

const KEY_BYTES = 32;
const SALT_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** @see sdk/go/common/resource/config/crypt.go, NewSymmetricCrypterFromPassphrase */
const ITERATIONS = 1_000_000;

export class WrongPassphrase extends Error {
  constructor() {
    super(
      "passphrase: does not match the salt of this stack; use the passphrase that the stack was created with",
    );
    this.name = "WrongPassphrase";
  }
}

/** Encrypts and decrypts like Pulumi's passphrase secrets provider: AES-256-GCM, `v1:nonce:ciphertext`. */
export interface Crypter {
  /** `v1:salt:v1:nonce:ciphertext`, as in the state and in Pulumi.STACK.yaml. */
  readonly salt: string;
  encrypt(plaintext: string): string;
  decrypt(ciphertext: string): string;
}

const derived = new Map<string, Promise<Crypter>>();

/** Returns the crypter for a salt, or one with a new salt. Throws WrongPassphrase. */
export function openCrypter(passphrase: string, salt?: string): Promise<Crypter> {
  if (salt === undefined) return newCrypter(passphrase);
  const cacheKey = `${salt}\0${passphrase}`;
  let crypter = derived.get(cacheKey);
  if (!crypter) {
    crypter = existingCrypter(passphrase, salt);
    derived.set(cacheKey, crypter);
    crypter.catch(() => derived.delete(cacheKey));
  }
  return crypter;
}

async function newCrypter(passphrase: string): Promise<Crypter> {
  const salt = randomBytes(SALT_BYTES);
  const key = await deriveKey(passphrase, salt);
  const crypter = crypterOf(key, `v1:${salt.toString("base64")}:${encrypt(key, "pulumi")}`);
  derived.set(`${crypter.salt}\0${passphrase}`, Promise.resolve(crypter));
  return crypter;
}

async function existingCrypter(passphrase: string, salt: string): Promise<Crypter> {
  const [version, bytes, ...proof] = salt.split(":");
  if (version !== "v1" || bytes === undefined || proof.length !== 3) {
    throw new Error("encryptionsalt: must look like v1:SALT:v1:NONCE:CIPHERTEXT");
  }
  const key = await deriveKey(passphrase, Buffer.from(bytes, "base64"));
  let known: string | undefined;
  try {
    known = decrypt(key, proof.join(":"));
  } catch {
    // A wrong key fails the authentication of GCM; the check below throws.
  }
  if (known !== "pulumi") throw new WrongPassphrase();
  return crypterOf(key, salt);
}

function crypterOf(key: Buffer, salt: string): Crypter {
  return { salt, encrypt: (text) => encrypt(key, text), decrypt: (text) => decrypt(key, text) };
}

function deriveKey(passphrase: string, salt: Buffer): Promise<Buffer> {
  return promisify(pbkdf2)(passphrase, salt, ITERATIONS, KEY_BYTES, "sha256");
}

function encrypt(key: Buffer, plaintext: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}

function decrypt(key: Buffer, ciphertext: string): string {
  const [version, nonce, sealed] = ciphertext.split(":");
  if (version !== "v1" || nonce === undefined || sealed === undefined) {
    throw new Error("secret: must look like v1:NONCE:CIPHERTEXT");
  }
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"), {
    authTagLength: TAG_BYTES, // else a tag that was cut off to four bytes is taken
  });
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  const plain = [decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES)), decipher.final()];
  return Buffer.concat(plain).toString("utf8");
}
