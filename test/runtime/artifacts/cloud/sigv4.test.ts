import { expect, it } from "vitest";
import { signedHeaders } from "../../../../runtime/artifacts/cloud/sigv4.ts";

/** Keys, time and signatures of AWS's own test suite (post-vanilla, post-x-www-form-urlencoded, post-sts-header-before). */
const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const at = new Date("2015-08-30T12:36:00Z");
const sessionToken =
  "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

it.each([
  ["nothing", {}, "", keys, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"],
  [
    "a form",
    { "content-type": "application/x-www-form-urlencoded" },
    "Param1=value1",
    keys,
    "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
  ],
  [
    "nothing, with a session token",
    {},
    "",
    { ...keys, sessionToken },
    "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
  ],
])("signs a POST of %s as AWS does", (_, headers, body, withKeys, signature) => {
  const request = {
    url: "https://example.amazonaws.com/",
    service: "service",
    region: "us-east-1",
    headers,
    body,
  };
  const { authorization } = signedHeaders(request, withKeys, at);
  expect(authorization).toContain("AKIDEXAMPLE/20150830/us-east-1/service/aws4_request");
  expect(authorization).toMatch(new RegExp(`Signature=${signature}$`));
});
