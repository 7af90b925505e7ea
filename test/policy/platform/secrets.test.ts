import { describe, expect, it, test } from "vitest";
import { isLiteral, isSecretName, secretShape } from "../../../policy/platform/secret-shapes.ts";
import { judge } from "../judge.ts";

const POLICY = "platform-no-plaintext-secrets";

test.each([
  "password",
  "DB_PASSWORD",
  "dbPassword",
  "auth-token",
  "clientSecret",
  "AWS_SECRET_ACCESS_KEY",
  "apiKey",
])("%s names a secret", (name) => expect(isSecretName(name)).toBe(true));

test.each([
  "secretName",
  "passwordFile",
  "tokenUrl",
  "TOKEN_PATH",
  "keyArn",
  "publicKey",
  "kmsKeyId",
  "imagePullSecrets",
  "passwordLength",
  "secretKeyRef",
  "monkey",
])("%s names none", (name) => expect(isSecretName(name)).toBe(false));

test.each([
  "/var/run/token",
  "true",
  "",
  "$(TOKEN)",
  "${TOKEN}",
  "arn:aws:secretsmanager:eu-central-1:1:secret:x",
])("%j is no literal", (text) => expect(isLiteral(text)).toBe(false));

// Put together here, so that no scanner takes this file for a leak.
test.each([
  ["an access key of AWS", `AKIA${"Q".repeat(16)}`],
  ["a private key", `-----BEGIN RSA ${"PRIVATE"} KEY-----`],
  ["a token of GitHub", `ghp_${"a".repeat(36)}`],
  ["a token of Slack", `xoxb-${"1".repeat(12)}`],
  ["a webhook of Slack", ["https://hooks.slack.com", "services", "T0", "B0", "abc"].join("/")],
  ["a JSON Web Token", `eyJ${"a".repeat(12)}.eyJ${"b".repeat(12)}.${"c".repeat(12)}`],
  ["a password in a URL", `redis://user:${"pw"}@redis:6379`],
])("sees %s by its form", (name, text) => expect(secretShape(`say ${text}`)).toBe(name));

test.each(["https://example.com:8080/path@2", "redis://redis:6379/0", "sha256:abc", "slipway@example.com"])(
  "takes %s for no secret",
  (text) => expect(secretShape(text)).toBeUndefined(),
);

describe(POLICY, () => {
  const secret = (inputs: Record<string, unknown>): ReturnType<typeof judge> =>
    judge(POLICY, [{ name: "s", type: "kubernetes:core/v1:Secret", inputs }]);

  it("finds every plain value of a Secret, and repeats none", () => {
    const found = secret({
      stringData: { note: "hunter2", url: "redis://u:p@h" },
      data: { password: "aHVudGVyMg==" },
    });
    expect(found.map(({ message }) => message.split(" ")[0]).sort()).toEqual([
      "data.password",
      "stringData.note",
      "stringData.url",
    ]);
    expect(JSON.stringify(found)).not.toMatch(/hunter2|aHVudGVyMg/);
  });

  it("knows what an ExternalSecret calls the key under which a value goes", () => {
    const spec = { data: [{ secretKey: "password", remoteRef: { key: "db" } }] };
    const of = (type: string): ReturnType<typeof judge> =>
      judge(POLICY, [{ name: "e", type: `kubernetes:${type}`, inputs: { spec } }]);
    expect(of("external-secrets.io/v1:ExternalSecret")).toEqual([]);
    expect(of("example.com/v1:Database")).toHaveLength(1);
  });

  it("passes over secrets, whole or in parts, and over references", () => {
    const inputs = { stringData: { password: "hunter2" }, type: "Opaque" };
    const resource = { name: "s", type: "kubernetes:core/v1:Secret", inputs };
    for (const path of ["stringData", "stringData.password"])
      expect(judge(POLICY, [resource], { context: { secretPaths: () => new Set([path]) } })).toEqual([]);
    const env = [{ name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } }];
    const pod = { name: "p", type: "kubernetes:core/v1:Pod", inputs: { spec: { containers: [{ env }] } } };
    expect(judge(POLICY, [pod])).toEqual([]);
  });

  it("says so where it was not told what is secret", () => {
    const found = judge(POLICY, [{ name: "s", type: "random:index/randomPet:RandomPet", inputs: {} }], {
      context: { secretPaths: () => undefined },
    });
    expect(found[0]?.message).toMatch(/platform-secret-marks/);
  });

  it("ignores paths that config names", () => {
    const resource = { name: "t", type: "aws:x/y:Z", inputs: { options: { token: "opaque" } } };
    expect(judge(POLICY, [resource])).toHaveLength(1);
    expect(judge(POLICY, [resource], { config: { ignorePaths: ["options.*"] } })).toEqual([]);
  });
});
