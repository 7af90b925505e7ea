import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pki } from "./certificates.ts";
import { PATHS } from "./layout.ts";

/** Files, besides certificates, that the API server reads. */
export interface ApiServerFiles {
  /** Path of the EncryptionConfiguration. */
  encryption: string;
  /** Path of the audit policy. */
  auditPolicy: string;
  /** Contents of the files without the key; a change restarts the server. */
  contents: string[];
}

/** Writes the files that the API server reads. The key that encrypts Secrets in etcd is generated once; only root can read it. */
export async function apiServerFiles(): Promise<ApiServerFiles> {
  const encryption = pki("encryption.json");
  if ((await readFile(encryption, "utf8").catch(() => "")) === "") {
    const config = encryptionConfiguration(randomBytes(32).toString("base64"));
    await mkdir(PATHS.pki(), { recursive: true, mode: 0o700 });
    await writeFile(`${encryption}.partial`, JSON.stringify(config, null, 2) + "\n", { mode: 0o600 });
    await rename(`${encryption}.partial`, encryption);
  }
  await mkdir(PATHS.config(), { recursive: true });
  const auditPolicy = join(PATHS.config(), "audit-policy.json");
  const policy = JSON.stringify(AUDIT_POLICY, null, 2);
  await writeFile(auditPolicy, policy);
  return { encryption, auditPolicy, contents: [policy] };
}

/** Encrypts Secrets. `identity` still reads those that an older cluster wrote; each is encrypted when it changes. */
export function encryptionConfiguration(secret: string): unknown {
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "EncryptionConfiguration",
    resources: [
      {
        resources: ["secrets"],
        providers: [{ secretbox: { keys: [{ name: "key1", secret }] } }, { identity: {} }],
      },
    ],
  };
}

/** Logs who changed which object, without bodies, so that no secret gets into the log. Routine writes of the cluster are left out. */
export const AUDIT_POLICY = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [
    { level: "None", verbs: ["get", "list", "watch"] },
    {
      level: "None",
      resources: [
        { group: "", resources: ["events"] },
        { group: "events.k8s.io", resources: ["events"] },
        { group: "coordination.k8s.io", resources: ["leases"] },
        { group: "authentication.k8s.io" },
        { group: "authorization.k8s.io" },
      ],
    },
    { level: "None", userGroups: ["system:nodes"] },
    { level: "Metadata" },
  ],
};
