import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SecretMask, secretTextsIn } from "../../../local/engine/secret-mask.ts";
import { Secret } from "../../../local/engine/values/property-value.ts";

describe("a mask of secrets", () => {
  it("hides a secret in the middle of a text, in JSON, in a URL and in base64", () => {
    const mask = new SecretMask(['hunter"2&x']);
    const encoded = Buffer.from('hunter"2&x').toString("base64");
    expect(mask.text(`a hunter"2&x b hunter\\"2&x c hunter%222%26x d ${encoded}`)).toBe(
      "a [secret] b [secret] c [secret] d [secret]",
    );
  });

  it("hides the lines of a key, which a log shows one at a time, but not its everyday words", () => {
    const key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\nend\n";
    const mask = new SecretMask([key]);
    expect(mask.text("got MIIEvQIBADANBgkqhkiG9w0BAQ")).toBe("got [secret]");
    expect(mask.text("the end")).toBe("the end");
  });

  it("hides the longer of two secrets that begin alike, and none that is too short to be told from other text", () => {
    expect(new SecretMask(["pass", "password", "abc"]).text("password pass abc")).toBe(
      "[secret] [secret] abc",
    );
  });

  it("leaves no secret in any JSON, and keeps its shape", () => {
    const secret = fc.stringMatching(/^[a-zA-Z0-9.*+?$(){}|\\[\]^-]{6,12}$/);
    fc.assert(
      fc.property(secret, fc.jsonValue({ maxDepth: 3 }), (text, value) => {
        const masked = new SecretMask([text]).json({ value, seen: [`x${text}y`] });
        expect(masked.seen).toEqual(["x[secret]y"]);
        expect(JSON.stringify(masked)).not.toContain(JSON.stringify(text).slice(1, -1));
      }),
    );
  });

  it("finds the secrets of properties", () => {
    expect(secretTextsIn({ a: "open", b: [new Secret({ c: "s1", d: [1, "s2"] })] })).toEqual(["s1", "s2"]);
  });
});
