import { readFile } from "node:fs/promises";
import { createServer } from "node:https";
import { z } from "zod";
import { NETWORK } from "../../../../local/cluster/layout.ts";
import type { Authority } from "../network/authority.ts";
import { bodyOf, sendJson } from "../network/front.ts";
import { apply, type Kubectl } from "./kubectl.ts";

const PORT = 9443;

const podSchema = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }).prefault({}),
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
const accountSchema = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }),
});

/** What a pod gets for its identity: a token of its service account in a file, and variables. */
export interface IdentityInjection {
  volume: string;
  mountPath: string;
  token: { audience: string; path: string };
  env: Readonly<Record<string, string>>;
}

export interface IdentityWebhookOptions {
  name: string;
  authority: Authority;
  /** Returns what a pod with these labels gets, by the annotations of its service account; undefined for nothing. */
  injectionOf: (
    labels: Readonly<Record<string, string>>,
    annotations: Readonly<Record<string, string>>,
  ) => IdentityInjection | undefined;
}

interface PatchOperation {
  op: "add";
  path: string;
  value: unknown;
}

/** The webhook with which a managed cluster gives pods the identity that their service account names. */
export async function identityWebhook(
  kubectl: Kubectl,
  { name, authority, injectionOf }: IdentityWebhookOptions,
): Promise<{ close: () => void }> {
  const address = NETWORK.node;
  const { cert, key } = await authority.issue(`IP:${address}`);
  const server = createServer({ cert, key }, (request, response) => {
    void (async () => {
      const { uid, namespace, object } = reviewSchema.parse(JSON.parse(await bodyOf(request))).request;
      const annotations = await annotationsOf(kubectl, namespace, object.spec.serviceAccountName);
      const injection = injectionOf(object.metadata.labels, annotations);
      const patch = injection === undefined ? [] : patchOf(object, injection);
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
  });
  await new Promise<void>((resolve) => server.listen(PORT, address, resolve));
  await apply(kubectl, {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name: "pod-identity" },
    webhooks: [
      {
        name,
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

async function annotationsOf(
  kubectl: Kubectl,
  namespace: string,
  account: string,
): Promise<Record<string, string>> {
  const text = await kubectl(["--namespace", namespace, "get", "serviceaccount", account, "--output=json"]);
  return accountSchema.parse(JSON.parse(text)).metadata.annotations;
}

function patchOf(
  { spec }: z.infer<typeof podSchema>,
  { volume: volumeName, mountPath, token, env }: IdentityInjection,
): PatchOperation[] {
  const source = { serviceAccountToken: { ...token, expirationSeconds: 86400 } };
  const volume = { name: volumeName, projected: { sources: [source] } };
  const mount = { name: volumeName, mountPath, readOnly: true };
  const lists = { containers: spec.containers, initContainers: spec.initContainers };
  return [
    spec.volumes === undefined
      ? { op: "add", path: "/spec/volumes", value: [volume] }
      : { op: "add", path: "/spec/volumes/-", value: volume },
    ...Object.entries(lists).flatMap(([list, containers]) =>
      containers.flatMap((container, index): PatchOperation[] => {
        const at = `/spec/${list}/${index}`;
        const present = (container["env"] ?? []) as { name: string }[];
        const added = Object.entries(env)
          .filter(([name]) => !present.some((each) => each.name === name))
          .map(([name, value]) => ({ name, value }));
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
