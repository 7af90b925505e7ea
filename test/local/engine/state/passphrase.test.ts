import { describe, expect, it } from "vitest";
import { openCrypter, WrongPassphrase } from "../../../../local/engine/state/passphrase.ts";

/** From pulumi/pulumi, pkg/secrets/passphrase/manager_test.go. */
const SALT = "v1:fozI5u6B030=:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==";

describe("the passphrase crypter", () => {
  it("opens the salt that Pulumi's own tests open, and reads what it has written", async () => {
    const crypter = await openCrypter("password", SALT);
    expect(crypter.salt).toBe(SALT);
    expect(crypter.decrypt("v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==")).toBe("pulumi");
    expect(crypter.decrypt(crypter.encrypt("grüße"))).toBe("grüße");
    expect(crypter.encrypt("x")).not.toBe(crypter.encrypt("x"));
  });

  it("refuses another passphrase, without showing either", async () => {
    await expect(openCrypter("password123", SALT)).rejects.toThrow(WrongPassphrase);
    await expect(openCrypter("password123", SALT)).rejects.not.toThrow(/password123/);
  });

  it("refuses a salt of another form", async () => {
    await expect(openCrypter("password", "fozI5u6B030=:v1:F+6ZduL:PGMF")).rejects.toThrow(/encryptionsalt/);
  });

  it("makes a salt that its passphrase opens again", async () => {
    const made = await openCrypter("a new one");
    expect(made.salt).toMatch(/^v1:[\w+/=]+:v1:[\w+/=]+:[\w+/=]+$/);
    const ciphertext = made.encrypt("secret");
    await expect(openCrypter("another", made.salt)).rejects.toThrow(WrongPassphrase);
    expect((await openCrypter("a new one", made.salt)).decrypt(ciphertext)).toBe("secret");
  });

  it("does not accept a ciphertext that was changed", async () => {
    const crypter = await openCrypter("password", SALT);
    const [version, nonce, sealed = ""] = crypter.encrypt("secret").split(":");
    const bytes = Buffer.from(sealed, "base64");
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    expect(() => crypter.decrypt(`${version}:${nonce}:${bytes.toString("base64")}`)).toThrow();
  });

  it("does not accept a ciphertext whose proof was cut off", async () => {
    const crypter = await openCrypter("password", SALT);
    const [version, nonce, sealed = ""] = crypter.encrypt("").split(":");
    const proof = Buffer.from(sealed, "base64").subarray(0, 4); // GCM knows tags of four bytes too
    expect(() => crypter.decrypt(`${version}:${nonce}:${proof.toString("base64")}`)).toThrow();
  });
});
