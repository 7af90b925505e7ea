// Stands for three operators whose images cannot be had everywhere: External Secrets Operator, AWS Load Balancer Controller and Cluster
// Autoscaler. It has their arguments, service accounts and rights, and does with the stand-in of a cloud what they do with the cloud.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { request } from "node:https";

const args = process.argv.slice(2);
const flag = (name) => args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);

for (const arg of args) {
  const [, port] = /^--[a-z-]*addr(?:ess)?=:(\d+)$/.exec(arg) ?? [];
  if (port !== undefined)
    createServer((_request, response) => response.end("# nothing is measured here\n")).listen(Number(port));
}
process.on("SIGTERM", () => process.exit(0));

const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
const AUDIENCE = "sts.amazonaws.com";

/** Calls the API server as the pod's service account. Returns undefined for 404. */
async function kubernetes(method, path, body, contentType = "application/json") {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
  const headers = {
    authorization: `Bearer ${readFileSync(`${ACCOUNT}/token`, "utf8")}`,
    "content-type": contentType,
  };
  const { status, text } = await new Promise((resolve, reject) => {
    const sent = request(
      { host, port, method, path, headers, ca: readFileSync(`${ACCOUNT}/ca.crt`) },
      (answer) => {
        let text = "";
        answer
          .on("data", (chunk) => (text += chunk))
          .on("end", () => resolve({ status: answer.statusCode, text }));
      },
    );
    sent.on("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
  if (status === 404) return undefined;
  if (status >= 300) throw new Error(`${method} ${path}: ${status}: ${text}`);
  return JSON.parse(text);
}

const patch = (path, body) => kubernetes("PATCH", path, body, "application/merge-patch+json");

/** Takes a role with a token of a service account. Returns the session token. */
async function takeRole(roleArn, token, region) {
  const body = new URLSearchParams({
    Action: "AssumeRoleWithWebIdentity",
    RoleArn: roleArn,
    WebIdentityToken: token,
  });
  const answer = await fetch(`https://sts.${region}.amazonaws.com/`, { method: "POST", body });
  const text = await answer.text();
  const [, session] = /<SessionToken>([^<]+)</.exec(text) ?? [];
  if (session === undefined) throw new Error(`cannot take ${roleArn}: ${text}`);
  return session;
}

/** Adds a finalizer, or removes it from an object that is being deleted. Returns whether the object stays. */
async function keep(path, { metadata }, finalizer, cleanUp) {
  const finalizers = metadata.finalizers ?? [];
  if (metadata.deletionTimestamp === undefined) {
    if (!finalizers.includes(finalizer))
      await patch(path, { metadata: { finalizers: [...finalizers, finalizer] } });
    return true;
  }
  await cleanUp();
  await patch(path, { metadata: { finalizers: finalizers.filter((each) => each !== finalizer) } });
  return false;
}

/** Returns a service account and a token of it for an audience. */
async function tokenOf(core, name, audience) {
  const account = await kubernetes("GET", `${core}/serviceaccounts/${name}`);
  const { status } = await kubernetes("POST", `${core}/serviceaccounts/${name}/token`, {
    spec: { audiences: [audience] },
  });
  return { annotations: account.metadata.annotations, token: status.token };
}

async function readAws({ region, auth }, key, core) {
  const { annotations, token } = await tokenOf(core, auth.jwt.serviceAccountRef.name, AUDIENCE);
  const session = await takeRole(annotations["eks.amazonaws.com/role-arn"], token, region);
  const answer = await fetch(`https://secretsmanager.${region}.amazonaws.com/`, {
    method: "POST",
    headers: { "x-amz-target": "secretsmanager.GetSecretValue", "x-amz-security-token": session },
    body: JSON.stringify({ SecretId: key }),
  });
  const { SecretString, message } = await answer.json();
  if (!answer.ok) throw new Error(`could not get secret data from provider: ${message}`);
  return SecretString;
}

/** Reads a value of Google's metadata server. */
async function metadata(path) {
  const answer = await fetch(`http://169.254.169.254/computeMetadata/v1/${path}`, {
    headers: { "metadata-flavor": "Google" },
  });
  if (!answer.ok) throw new Error(`metadata server: ${path}: ${answer.status}`);
  return answer.text();
}

/** Calls an API of Google. Returns its answer; throws its error. */
async function google(url, { token, body }) {
  const answer = await fetch(url, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const result = await answer.json();
  if (!answer.ok)
    throw new Error(`could not get secret data from provider: ${answer.status} ${result.error?.message}`);
  return result;
}

async function readGoogle({ projectID, auth }, key, core) {
  const pool = `${projectID}.svc.id.goog`;
  const { annotations, token } = await tokenOf(core, auth.workloadIdentity.serviceAccountRef.name, pool);
  const [location, cluster] = await Promise.all(
    ["instance/attributes/cluster-location", "instance/attributes/cluster-name"].map(metadata),
  );
  const provider = `https://container.googleapis.com/v1/projects/${projectID}/locations/${location}/clusters/${cluster}`;
  const { access_token } = await google("https://securetoken.googleapis.com/v1/identitybindingtoken", {
    body: {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
      subject_token: token,
      audience: `identitynamespace:${pool}:${provider}`,
      scope: "https://www.googleapis.com/auth/cloud-platform",
    },
  });
  const account = annotations["iam.gke.io/gcp-service-account"];
  const { accessToken } = await google(
    `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${account}:generateAccessToken`,
    { token: access_token, body: { scope: ["https://www.googleapis.com/auth/cloud-platform"] } },
  );
  const { payload } = await google(
    `https://secretmanager.googleapis.com/v1/projects/${projectID}/secrets/${key}/versions/latest:access`,
    { token: accessToken },
  );
  return Buffer.from(payload.data, "base64").toString("utf8");
}

async function readAzure({ vaultUrl, tenantId, serviceAccountRef }, key, core) {
  const { annotations, token } = await tokenOf(core, serviceAccountRef.name, "api://AzureADTokenExchange");
  const answer = await fetch(`https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: annotations["azure.workload.identity/client-id"],
      scope: "https://vault.azure.net/.default",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: token,
    }),
  });
  const { access_token, error } = await answer.json();
  if (!answer.ok) throw new Error(`could not get secret data from provider: ${error}`);
  const secret = await fetch(`${vaultUrl}secrets/${key}?api-version=2025-07-01`, {
    headers: { authorization: `Bearer ${access_token}` },
  });
  const result = await secret.json();
  if (!secret.ok) throw new Error(`could not get secret data from provider: ${result.error?.message}`);
  return result.value;
}

/** Provider of a SecretStore → how a value is read. */
const READERS = { aws: readAws, gcpsm: readGoogle, azurekv: readAzure };

async function externalSecrets(namespace) {
  const group = `/apis/external-secrets.io/v1/namespaces/${namespace}`;
  const core = `/api/v1/namespaces/${namespace}`;
  for (const external of (await kubernetes("GET", `${group}/externalsecrets`)).items) {
    const { name, uid } = external.metadata;
    const path = `${group}/externalsecrets/${name}`;
    if (!(await keep(path, external, "externalsecrets.external-secrets.io/cleanup", async () => undefined)))
      continue;
    const ready = (status, reason, message) =>
      patch(`${path}/status`, {
        status: {
          conditions: [
            { type: "Ready", status, reason, message, lastTransitionTime: new Date().toISOString() },
          ],
        },
      });
    try {
      const data = {};
      for (const { secretKey, sourceRef, remoteRef } of external.spec.data) {
        const store = await kubernetes("GET", `${group}/secretstores/${sourceRef.storeRef.name}`);
        const [provider] = Object.keys(store.spec.provider);
        const text = await READERS[provider](store.spec.provider[provider], remoteRef.key, core);
        const value = remoteRef.property === undefined ? text : JSON.parse(text)[remoteRef.property];
        data[secretKey] = Buffer.from(value).toString("base64");
      }
      const target = external.spec.target.name;
      const owner = { apiVersion: external.apiVersion, kind: external.kind, name, uid, controller: true };
      const secret = {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: target, ownerReferences: [owner] },
        data,
      };
      if ((await kubernetes("GET", `${core}/secrets/${target}`)) === undefined)
        await kubernetes("POST", `${core}/secrets`, secret);
      else await patch(`${core}/secrets/${target}`, { data });
      await ready("True", "SecretSynced", "secret synced");
    } catch (error) {
      await ready("False", "SecretSyncedError", error.message);
    }
  }
}

async function targetGroups() {
  const region = flag("aws-region") ?? process.env.AWS_REGION;
  const token = readFileSync(process.env.AWS_WEB_IDENTITY_TOKEN_FILE, "utf8");
  const group = "/apis/elbv2.k8s.aws/v1beta1";
  const { items } = await kubernetes("GET", `${group}/targetgroupbindings`);
  for (const binding of items) {
    const { name, namespace } = binding.metadata;
    const { targetGroupARN, serviceRef } = binding.spec;
    const register = async (targets) => {
      const session = await takeRole(process.env.AWS_ROLE_ARN, token, region);
      const body = new URLSearchParams({ Action: "RegisterTargets", TargetGroupArn: targetGroupARN });
      targets.forEach(({ address, port }, index) => {
        body.set(`Targets.member.${index + 1}.Id`, address);
        body.set(`Targets.member.${index + 1}.Port`, port);
      });
      const answer = await fetch(`https://elasticloadbalancing.${region}.amazonaws.com/`, {
        method: "POST",
        headers: { "x-amz-security-token": session },
        body,
      });
      if (!answer.ok) throw new Error(`RegisterTargets: ${answer.status}`);
    };
    const path = `${group}/namespaces/${namespace}/targetgroupbindings/${name}`;
    if (!(await keep(path, binding, "elbv2.k8s.aws/resources", () => register([])))) continue;
    const slices = await kubernetes(
      "GET",
      `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=kubernetes.io/service-name=${serviceRef.name}`,
    );
    const service = await kubernetes("GET", `/api/v1/namespaces/${namespace}/services/${serviceRef.name}`);
    const named = service.spec.ports.find(({ port }) => port === serviceRef.port)?.name;
    await register(
      slices.items.flatMap(({ endpoints, ports }) => {
        // Pods of before a new port of the Service have a slice without it.
        const port = ports?.find((each) => each.name === named)?.port;
        if (port === undefined) return [];
        return (endpoints ?? [])
          .filter(({ conditions }) => conditions?.ready)
          .flatMap(({ addresses }) => addresses.map((address) => ({ address, port })));
      }),
    );
  }
}

const work =
  flag("live-addr") !== undefined
    ? () => externalSecrets(flag("namespace"))
    : flag("cloud-provider") === undefined && flag("cluster-name") !== undefined
      ? targetGroups
      : async () => undefined;
for (;;) {
  await work().catch((error) => console.error(error.message));
  await new Promise((resolve) => setTimeout(resolve, 2000));
}
