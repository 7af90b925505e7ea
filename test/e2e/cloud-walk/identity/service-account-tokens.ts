import { createPublicKey, verify } from "node:crypto";
import { z } from "zod";
import type { Kubectl } from "../kubernetes/kubectl.ts";

const jwksSchema = z.object({
  keys: z.array(z.object({ kid: z.string(), kty: z.string(), n: z.string(), e: z.string() })),
});
const headerSchema = z.object({ kid: z.string() });
const claimsSchema = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.array(z.string()),
  exp: z.number(),
});

/** What a token of a service account says. */
export type Claims = z.infer<typeof claimsSchema>;

/** Checks a token of a service account as a cloud does. Returns its claims; undefined if the cluster did not sign it, or it is old. */
export type TokenCheck = (token: string) => Promise<Claims | undefined>;

/** Returns the check for tokens of a cluster, with the keys that its API server publishes. */
export function serviceAccountTokens(kubectl: Kubectl): TokenCheck {
  return async (token) => {
    const [header = "", payload = "", signature = ""] = token.split(".");
    if (signature === "") return undefined;
    const { keys } = jwksSchema.parse(JSON.parse(await kubectl(["get", "--raw", "/openid/v1/jwks"])));
    const { kid } = headerSchema.parse(decode(header));
    const key = keys.find((each) => each.kid === kid);
    if (key === undefined) return undefined;
    const publicKey = createPublicKey({ key, format: "jwk" });
    const signed = Buffer.from(`${header}.${payload}`);
    if (!verify("RSA-SHA256", signed, publicKey, Buffer.from(signature, "base64url"))) return undefined;
    const claims = claimsSchema.parse(decode(payload));
    return claims.exp * 1000 > Date.now() ? claims : undefined;
  };
}

function decode(part: string): unknown {
  return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
}
