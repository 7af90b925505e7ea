import { describe, expect, it, test } from "vitest";
import { isSecretName } from "../../../policy/platform/secret-names.ts";
import { isLiteral, secretShape } from "../../../policy/platform/secret-shapes.ts";
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
  "APIKey",
  "PGPASSWORD",
  "DBPassword",
  "DB_PASS",
  "dbpass",
  "REDISCLI_AUTH",
  "BASIC_AUTH",
  "MYSQL_PWD",
  "MYSQL_ROOT_PASSWORD",
  "PASSWORD_2",
  "password1",
  "ADMIN_PASSWORD_BASE64",
  "secretString",
  "AUTHTOKEN",
  "GITHUB_PAT",
  "OPENAI_APIKEY",
  "AZURE_STORAGE_KEY",
  "SECRET_KEY_BASE",
  "DB_CREDS",
  "--requirepass",
  "auth.password",
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
  "MAX_TOKENS",
  "bypass",
  "PGPASSFILE",
  "partitionKey",
  "creationToken",
  "clientRequestToken",
  "PATTERN",
  "AUTH_MODE",
])("%s does not name a secret", (name) => expect(isSecretName(name)).toBe(false));

test.each([
  "/var/run/token",
  "true",
  "",
  "$(TOKEN)",
  "${TOKEN}",
  "arn:aws:secretsmanager:eu-central-1:1:secret:x",
])("%j is not a literal secret", (text) => expect(isLiteral(text)).toBe(false));

// Put together here, so that no scanner takes this file for a leak.
test.each([
  ["an access key of AWS", `AKIA${"Q".repeat(16)}`],
  ["a private key", `-----BEGIN RSA ${"PRIVATE"} KEY-----`],
  ["a token of GitHub", `ghp_${"a".repeat(36)}`],
  ["a token of Slack", `xoxb-${"1".repeat(12)}`],
  ["a webhook of Slack", ["https://hooks.slack.com", "services", "T0", "B0", "abc"].join("/")],
  ["a JSON Web Token", `eyJ${"a".repeat(12)}.eyJ${"b".repeat(12)}.${"c".repeat(12)}`],
  ["a password in a URL", `redis://user:${"pw"}@redis:6379`],
  ["a password in a URL", `redis://:${"hunter2"}@cache:6379/0`],
  ["a password in a URL", `rediss://:${"a:b"}@cache:6379/0`],
  ["a password in a URL", `postgres://app:${"pa$$word"}@db/x`],
  ["a password in a URL", `postgresql+asyncpg://app:${"{curly}"}@db/x`],
  ["a password in a URL", `mongodb+srv://app:${"p%40ss"}@a.example,b.example/x`],
  ["a password in a URL", `amqp://guest:${"guest"}@broker:5672//`],
  ["an assignment of a secret", `jdbc:postgresql://db/x?user=app&password=${"hunter2"}`],
  ["an assignment of a secret", `Server=db;User Id=app;Password=${"hunter2"};Encrypt=true`],
  ["an assignment of a secret", `cache.example:6380,password=${"hunter2"},ssl=True`],
  ["an assignment of a secret", `host=db user=app password='${"hunter 2"}'`],
  ["an assignment of a secret", `kubectl create secret generic db --from-literal=password=${"hunter2"}`],
  ["an assignment of a secret", `export PGPASSWORD="${"hunter2"}" && psql`],
  ["a shared access signature of Azure", `https://x.blob.core.windows.net/c?sv=2&sig=${"a".repeat(43)}%3D`],
])("recognizes %s by its form", (name, text) => expect(secretShape(`say ${text}`)).toBe(name));

test.each([
  "https://example.com:8080/path@2",
  "https://example.com:8080?to=me@example.com",
  "redis://redis:6379/0",
  "redis://:@redis:6379/0",
  "redis://:$(REDIS_PASSWORD)@redis:6379/0",
  "postgres://app:${PASSWORD}@db/x",
  "postgres://app:$PASSWORD@db/x",
  "sha256:abc",
  "slipway@example.com",
  "--password-file=/run/secrets/password",
  'PGPASSWORD="$(cat /run/secrets/password)" psql',
  "PGPASSWORD=$PASSWORD psql",
  'sum by (secret) (kube_secret_info{namespace="x", secret="db"})',
])("does not take %s for a secret", (text) => expect(secretShape(text)).toBeUndefined());

describe(POLICY, () => {
  const secret = (inputs: Record<string, unknown>): ReturnType<typeof judge> =>
    judge(POLICY, [{ name: "s", type: "kubernetes:core/v1:Secret", inputs }]);

  it("finds every plain value of a Secret, and never prints it", () => {
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

  it("accepts the key name of an ExternalSecret", () => {
    const spec = { data: [{ secretKey: "password", remoteRef: { key: "db" } }] };
    const of = (type: string): ReturnType<typeof judge> =>
      judge(POLICY, [{ name: "e", type: `kubernetes:${type}`, inputs: { spec } }]);
    expect(of("external-secrets.io/v1:ExternalSecret")).toEqual([]);
    expect(of("example.com/v1:Database")).toHaveLength(1);
  });

  it("skips Pulumi secrets, whole or nested, and references", () => {
    const inputs = { stringData: { password: "hunter2" }, type: "Opaque" };
    const resource = { name: "s", type: "kubernetes:core/v1:Secret", inputs };
    for (const path of ["stringData", "stringData.password"])
      expect(judge(POLICY, [resource], { context: { secretPaths: () => new Set([path]) } })).toEqual([]);
    const env = [{ name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } }];
    const pod = { name: "p", type: "kubernetes:core/v1:Pod", inputs: { spec: { containers: [{ env }] } } };
    expect(judge(POLICY, [pod])).toEqual([]);
  });

  const env = (variables: Record<string, string>): Record<string, unknown> => ({
    spec: {
      template: {
        spec: {
          containers: [{ env: Object.entries(variables).map(([name, value]) => ({ name, value })) }],
        },
      },
    },
  });
  const pathsIn = (type: string, inputs: Record<string, unknown>): (string | undefined)[] =>
    judge(POLICY, [{ name: "d", type, inputs }]).map(({ message }) => message.split(" ")[0]);

  it("finds passwords of Redis and PostgreSQL in their usual forms", () => {
    const variables = {
      REDIS_URL: `redis://:${"hunter2"}@cache:6379/0`,
      PGPASSWORD: "hunter2",
      DB_PASS: "hunter2",
      REDISCLI_AUTH: "hunter2",
      DATABASE_URL: `postgres://app:${"pa$$word"}@db/x`,
    };
    expect(pathsIn("kubernetes:apps/v1:Deployment", env(variables))).toEqual(
      [0, 1, 2, 3, 4].map((index) => `spec.template.spec.containers[0].env[${index}].value`),
    );
  });

  it("finds secrets in commands, in JSON and in name and value pairs", () => {
    const args = ["--requirepass", "hunter2", "--port", "6379"];
    expect(pathsIn("kubernetes:core/v1:Pod", { spec: { containers: [{ args }] } })).toEqual([
      "spec.containers[0].args[1]",
    ]);
    const containerDefinitions = JSON.stringify([{ environment: [{ name: "DB_PASS", value: "hunter2" }] }]);
    expect(pathsIn("aws:ecs/taskDefinition:TaskDefinition", { containerDefinitions })).toEqual([
      "containerDefinitions[0].environment[0].value",
    ]);
    const settings = [{ key: "apiKey", value: "hunter2" }];
    expect(pathsIn("example:x/y:Z", { settings })).toEqual(["settings[0].value"]);
  });

  it("reports missing secret marks", () => {
    const found = judge(POLICY, [{ name: "s", type: "random:index/randomPet:RandomPet", inputs: {} }], {
      context: { secretPaths: () => undefined },
    });
    expect(found[0]?.message).toMatch(/platform-secret-marks/);
  });

  it("ignores the paths in the config", () => {
    const resource = { name: "t", type: "aws:x/y:Z", inputs: { options: { token: "opaque" } } };
    expect(judge(POLICY, [resource])).toHaveLength(1);
    expect(judge(POLICY, [resource], { config: { ignorePaths: ["options.*"] } })).toEqual([]);
  });
});
