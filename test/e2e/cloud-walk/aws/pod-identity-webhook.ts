import { createServer, type Server } from "node:https";
import { z } from "zod";
import { bodyOf, sendJson } from "../network/front.ts";
import type { Authority } from "../network/authority.ts";
import { apply, type Kubectl } from "../kubernetes/kubectl.ts";
import { readFile } from "node:fs/promises";

const PORT = 9443;
const MOUNT = "/var/run/secrets/eks.amazonaws.com/serviceaccount";

const podSchema = z.object({
  spec: z.object({
    serviceAccountName: z.string().default("default"),
    containers: z.array(z.looseObject({})),
    initContainers: z.array(z.looseObject({})).default([]),
    volumes: z.array(z.unknown()).optional(),
  }),
});
const reviewSchema = z.object({
  request: z.object({ uid: z.string(), namespace: z.string(), object: podSchema }),
});

interface PatchOperation {
  op: "add";
  path: string;
  value: unknown;
}

/**
 * The webhook with which EKS gives pods the role in their service account's annotation: a token for AWS, and the variables that name it.
 *
 * @see https://github.com/aws/amazon-eks-pod-identity-webhook
 */
export async function podIdentityWebhook(
  kubectl: Kubectl,
  { authority, address, region }: { authority: Authority; address: string; region: string },
): Promise<{ close: () => void }> {
  const certificate = await authority.issue(`IP:${address}`);
  const server: Server = createServer(
    { cert: certificate.cert, key: certificate.key },
    (request, response) => {
      void (async () => {
        const { uid, namespace, object } = reviewSchema.parse(JSON.parse(await bodyOf(request))).request;
        const role = await roleOf(kubectl, namespace, object.spec.serviceAccountName);
        const patch = role === undefined ? [] : patchOf(object, role, region);
        sendJson(response, 200, {
          apiVersion: "admission.k8s.io/v1",
          kind: "AdmissionReview",
          response: {
            uid,
            allowed: true,
            ...(patch.length === 0
              ? {}
              : { patchType: "JSONPatch", patch: Buffer.from(JSON.stringify(patch)).toString("base64") }),
          },
        });
      })().catch((error: unknown) => response.writeHead(500).end(String(error)));
    },
  );
  await new Promise<void>((resolve) => server.listen(PORT, address, resolve));
  await apply(kubectl, {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name: "pod-identity-webhook" },
    webhooks: [
      {
        name: "pod-identity-webhook.amazonaws.com",
        clientConfig: {
          url: `https://${address}:${PORT}/mutate`,
          caBundle: (await readFile(authority.file)).toString("base64"),
        },
        rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        failurePolicy: "Ignore",
      },
    ],
  });
  return {
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function roleOf(kubectl: Kubectl, namespace: string, account: string): Promise<string | undefined> {
  const path = "jsonpath={.metadata.annotations.eks\\.amazonaws\\.com/role-arn}";
  const role = await kubectl(["--namespace", namespace, "get", "serviceaccount", account, "--output", path]);
  return role === "" ? undefined : role;
}

function patchOf({ spec }: z.infer<typeof podSchema>, role: string, region: string): PatchOperation[] {
  const volume = {
    name: "aws-iam-token",
    projected: {
      sources: [
        { serviceAccountToken: { audience: "sts.amazonaws.com", expirationSeconds: 86400, path: "token" } },
      ],
    },
  };
  const env = [
    { name: "AWS_ROLE_ARN", value: role },
    { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: `${MOUNT}/token` },
    { name: "AWS_REGION", value: region },
  ];
  const mount = { name: volume.name, mountPath: MOUNT, readOnly: true };
  const lists = { containers: spec.containers, initContainers: spec.initContainers };
  return [
    spec.volumes === undefined
      ? { op: "add", path: "/spec/volumes", value: [volume] }
      : { op: "add", path: "/spec/volumes/-", value: volume },
    ...Object.entries(lists).flatMap(([list, containers]) =>
      containers.flatMap((container, index): PatchOperation[] => {
        const at = `/spec/${list}/${index}`;
        const present = (container["env"] ?? []) as { name: string }[];
        const added = env.filter(({ name }) => !present.some((each) => each.name === name));
        return [
          { op: "add", path: `${at}/env`, value: [...present, ...added] },
          {
            op: "add",
            path: `${at}/volumeMounts`,
            value: [...((container["volumeMounts"] ?? []) as object[]), mount],
          },
        ];
      }),
    ),
  ];
}
