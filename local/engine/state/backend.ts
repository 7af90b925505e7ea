import { createHash } from "node:crypto";
import { access } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { durableWrite } from "./durable-write.ts";
import { deserializeResource } from "./serialize.ts";
import type { Crypter } from "./passphrase.ts";
import { openCrypter } from "./passphrase.ts";
import { currentStateFile, readStateFile } from "./state-file.ts";
import { UnknownStateVersion } from "./unknown-state-version.ts";
import { UnreadableState } from "./unreadable-state.ts";
import type { OperationType, PendingOperation, ResourceState } from "./resource-state.ts";

/** Version in the state's manifest: the version of the SDK whose deployment format the state follows. */
const ENGINE_VERSION = "v3.248.0";

/** Version of the form of a state file. */
const STATE_VERSION = 3;

type JsonMap = Parameters<typeof deserializeResource>[0];

/** Pulumi's DeploymentV3 in the form of the state file. */
export interface DeploymentJson {
  manifest: { time: string; magic: string; version: string };
  secrets_providers?: { type: string; state: { salt: string } };
  resources?: JsonMap[];
  pending_operations?: { resource: JsonMap; type: OperationType }[];
}

export interface StackState {
  resources: ResourceState[];
  pending: PendingOperation[];
  /** Plaintext → its ciphertext in the state, which is written again. */
  ciphertexts: Map<string, string>;
}

/** Paths of a stack in Pulumi's file backend. */
export interface StackPaths {
  /** `organization/PROJECT/STACK`. */
  fullName: string;
  stateFile: string;
  lockFolder: string;
  metaFile: string;
}

export function stackPaths(backendDir: string, project: string, stack: string): StackPaths {
  const root = path.join(backendDir, ".pulumi");
  return {
    fullName: `organization/${project}/${stack}`,
    stateFile: path.join(root, "stacks", project, `${stack}.json`),
    lockFolder: path.join(root, "locks", "organization", project, stack),
    metaFile: path.join(root, "meta.yaml"),
  };
}

interface CheckpointJson {
  version: number;
  checkpoint?: { latest?: DeploymentJson };
  /** What `pulumi stack export` prints has the deployment here. */
  deployment?: unknown;
}

const resourceSchema = z.looseObject({ urn: z.string(), type: z.string() });
/** What the engine walks through. The rest of a checkpoint is read where it is used. */
const checkpointSchema = z.looseObject({
  version: z.number(),
  checkpoint: z
    .looseObject({
      latest: z
        .looseObject({
          resources: z.array(resourceSchema).nullish(),
          pending_operations: z.array(z.looseObject({ resource: resourceSchema })).nullish(),
        })
        .nullish(),
    })
    .optional(),
});

/**
 * Reads a stack's deployment. Returns undefined if the stack does not exist; throws UnreadableState if the file is damaged, and
 * UnknownStateVersion if it has another form.
 */
export async function readDeployment(file: string): Promise<DeploymentJson | undefined> {
  const current = await currentStateFile(file);
  const text = await readStateFile(current);
  if (text === undefined) return undefined;
  const json = parseState(text, current);
  if (json.version !== STATE_VERSION)
    throw new UnknownStateVersion(file, { known: STATE_VERSION, found: json.version });
  // Else an export in the place of the state would be read as an empty stack, and written over.
  if (json.checkpoint === undefined)
    throw new UnreadableState(
      current,
      json.deployment === undefined
        ? "is not a checkpoint"
        : "is an output of pulumi stack export, which pulumi stack import reads",
    );
  return json.checkpoint.latest ?? { manifest: manifest() };
}

function parseState(text: string, file: string): CheckpointJson {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's message quotes the state.
    throw new UnreadableState(file, "is cut off or damaged");
  }
  if (!checkpointSchema.safeParse(json).success) throw new UnreadableState(file, "is not a checkpoint");
  return json as CheckpointJson;
}

/** Returns the crypter of the deployment or, without a deployment, of the stack's config file; else a new one. */
export async function crypterFor(
  deployment: DeploymentJson | undefined,
  passphrase: string,
  configSalt?: string,
): Promise<Crypter> {
  const provider = deployment?.secrets_providers;
  if (provider && provider.type !== "passphrase") {
    throw new Error(`secrets provider ${provider.type}: only passphrase is supported by the offline engine`);
  }
  return openCrypter(passphrase, provider?.state.salt ?? configSalt);
}

export function decryptDeployment(deployment: DeploymentJson | undefined, crypter: Crypter): StackState {
  const ciphertexts = new Map<string, string>();
  const decrypt = (text: string): string => {
    const plaintext = crypter.decrypt(text);
    ciphertexts.set(plaintext, text);
    return plaintext;
  };
  return {
    resources: (deployment?.resources ?? []).map((resource) => deserializeResource(resource, decrypt)),
    pending: (deployment?.pending_operations ?? []).map(({ type, resource }) => ({
      type,
      resource: deserializeResource(resource, decrypt),
    })),
    ciphertexts,
  };
}

/** Returns the text of a checkpoint file. Resources and operations are JSON texts, one per line. */
export function checkpointText(
  fullName: string,
  salt: string,
  resources: readonly string[],
  pending: readonly string[],
): string {
  const head = { manifest: manifest(), secrets_providers: { type: "passphrase", state: { salt } } };
  const lines = [
    `{"version":3,"checkpoint":{"stack":${JSON.stringify(fullName)},"latest":{${JSON.stringify(head).slice(1, -1)},`,
    `"resources":[${resources.length ? `\n${resources.join(",\n")}\n` : ""}]`,
    pending.length ? `,"pending_operations":[\n${pending.join(",\n")}\n]` : "",
    "}}}\n",
  ];
  return lines.join("");
}

function manifest(): DeploymentJson["manifest"] {
  const magic = createHash("sha256").update(ENGINE_VERSION).digest("hex");
  return { time: new Date().toISOString(), magic, version: ENGINE_VERSION };
}

/** Writes the file that marks a folder as a file backend with projects, as the CLI does. */
export async function ensureBackend(metaFile: string): Promise<void> {
  const exists = await access(metaFile).then(
    () => true,
    () => false,
  );
  if (!exists) await durableWrite(metaFile, "version: 1\n");
}
