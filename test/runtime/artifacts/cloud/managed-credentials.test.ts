import { expect, test } from "vitest";
import { managedCredentials } from "../../../../runtime/artifacts/cloud/managed-credentials.ts";

interface Sent {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string;
}

/** Answers each URL that starts like a key, and keeps what was asked. */
function answering(answers: Record<string, unknown>): { fetch: typeof fetch; sent: Sent[] } {
  const sent: Sent[] = [];
  const fake = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
    const url = String(input);
    const headers = Object.fromEntries(new Headers(init.headers));
    const body =
      typeof init.body === "string"
        ? init.body
        : init.body instanceof URLSearchParams
          ? init.body.toString()
          : "";
    sent.push({ url, method: init.method ?? "GET", headers, body });
    const found = Object.entries(answers).find(([start]) => url.startsWith(start))?.[1];
    return found === undefined ? new Response("", { status: 403 }) : Response.json(found);
  };
  return { fetch: fake, sent };
}

test("asks nobody about a registry that no cloud runs", async () => {
  const { fetch, sent } = answering({});
  expect(await managedCredentials("registry.example.com:5000", {}, fetch)).toBeUndefined();
  expect(await managedCredentials("acme.azurecr.io.example.com", {}, fetch)).toBeUndefined();
  expect(sent).toEqual([]);
});

test("Container Registry of Azure exchanges the managed identity's token for its own", async () => {
  const env = {
    IDENTITY_ENDPOINT: "http://127.0.0.1:41000/msi/token",
    IDENTITY_HEADER: "h",
    AZURE_CLIENT_ID: "c",
  };
  const { fetch, sent } = answering({
    "http://127.0.0.1:41000/": { access_token: "aad" },
    "https://acme.azurecr.io/oauth2/exchange": { refresh_token: "acr" },
  });
  expect(await managedCredentials("acme.azurecr.io", env, fetch)).toEqual({
    username: "00000000-0000-0000-0000-000000000000",
    password: "acr",
  });
  const asked = new URL(sent[0]?.url ?? "");
  expect(Object.fromEntries(asked.searchParams)).toEqual({
    resource: "https://containerregistry.azure.net",
    client_id: "c",
    "api-version": "2019-08-01",
  });
  expect(sent[0]?.headers["x-identity-header"]).toBe("h");
  expect(sent[1]).toMatchObject({
    method: "POST",
    body: expect.stringContaining("access_token=aad") as string,
  });
});

test("Azure Machine Learning has an endpoint with words of its own", async () => {
  const env = { MSI_ENDPOINT: "http://127.0.0.1:42000/token", MSI_SECRET: "s", AZURE_CLIENT_ID: "c" };
  const { fetch, sent } = answering({
    "http://127.0.0.1:42000/": { access_token: "aad" },
    "https://acme.azurecr.io/": { refresh_token: "acr" },
  });
  await managedCredentials("acme.azurecr.io", env, fetch);
  expect(sent[0]?.headers).toEqual({ secret: "s" });
  expect(new URL(sent[0]?.url ?? "").searchParams.get("clientid")).toBe("c");
});

test("without an endpoint of its own, Azure has the metadata service", async () => {
  const { fetch, sent } = answering({
    "http://169.254.169.254/": { access_token: "aad" },
    "https://acme.azurecr.io/": { refresh_token: "acr" },
  });
  await managedCredentials("acme.azurecr.io", {}, fetch);
  expect(sent[0]?.headers).toEqual({ metadata: "true" });
});

const ECR_HOST = "111122223333.dkr.ecr.eu-central-1.amazonaws.com";
const ecr = {
  "https://api.ecr.eu-central-1.amazonaws.com/": {
    authorizationData: [{ authorizationToken: Buffer.from("AWS:token").toString("base64") }],
  },
};

test("ECR gives the role of a Lambda function its token", async () => {
  const { fetch, sent } = answering(ecr);
  const env = {
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_SESSION_TOKEN: "session",
  };
  expect(await managedCredentials(ECR_HOST, env, fetch)).toEqual({ username: "AWS", password: "token" });
  expect(sent).toHaveLength(1);
  expect(sent[0]?.headers).toMatchObject({
    "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken",
    "x-amz-security-token": "session",
    authorization: expect.stringMatching(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/ecr\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature=[0-9a-f]{64}$/,
    ) as string,
  });
});

test("a container of SageMaker asks for its role first", async () => {
  const { fetch, sent } = answering({
    ...ecr,
    "http://169.254.170.2/v2/credentials/1": { AccessKeyId: "A", SecretAccessKey: "S", Token: "T" },
  });
  const env = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2/credentials/1" };
  expect(await managedCredentials(ECR_HOST, env, fetch)).toEqual({ username: "AWS", password: "token" });
  expect(sent[1]?.headers["authorization"]).toContain("Credential=A/");
});

test("says so where the cloud gives nothing", async () => {
  const { fetch } = answering({});
  await expect(managedCredentials(ECR_HOST, {}, fetch)).rejects.toThrow("no role");
  await expect(managedCredentials("acme.azurecr.io", {}, fetch)).rejects.toThrow(
    /get the token of the managed identity: status 403/,
  );
});
