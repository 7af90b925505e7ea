import { entraToken } from "../../artifacts/cloud/entra-token.ts";
import { BadInput } from "../../errors.ts";
import { cloudToken } from "../cloud-token.ts";

type Entries = Readonly<Record<string, string | undefined>>;

/** What proves to Azure who reads: the account's key, a shared access signature, or a token of Microsoft Entra. */
export type AzureProof = { key: Buffer } | { sas: string } | { token: string };

export interface AzureIdentity {
  /** Owner of the source, for errors. */
  what: string;
  /** Entries of the Secret of the source; none if it names none. */
  credentials: Entries;
  /** Variables of the process. */
  env: Entries;
}

/** Entries of a Secret, and variables of a machine, with the names that Azure's own command line knows. */
const [KEY, SAS] = ["AZURE_STORAGE_KEY", "AZURE_STORAGE_SAS_TOKEN"];
const AUTHORITY = "https://login.microsoftonline.com/";

/**
 * Returns the proof of a source's Secret or, without one, of the process: of its variables, or of the workload identity of its pod.
 * Undefined if there is none: a public container needs none. Throws BadInput for a Secret of another form.
 */
export async function azureProof({ what, credentials, env }: AzureIdentity): Promise<AzureProof | undefined> {
  const names = Object.keys(credentials);
  if (names.length > 0) {
    const given = names.length === 1 ? proofOf(credentials) : undefined;
    if (given !== undefined) return given;
    throw new BadInput(
      `${what}: the Secret of source.credentials must have either ${KEY} or ${SAS}, got ${names.join(", ")}`,
    );
  }
  return proofOf(env) ?? (await podProof(what, env));
}

function proofOf({ [KEY]: key, [SAS]: sas }: Entries): AzureProof | undefined {
  if (key) return { key: Buffer.from(key, "base64") };
  return sas ? { sas: sas.replace(/^\?/, "") } : undefined;
}

async function podProof(what: string, env: Entries): Promise<AzureProof | undefined> {
  const { AZURE_CLIENT_ID: clientId, AZURE_TENANT_ID: tenantId, AZURE_FEDERATED_TOKEN_FILE: tokenFile } = env;
  if (!clientId || !tenantId || !tokenFile) return undefined;
  const authority = env["AZURE_AUTHORITY_HOST"] ?? AUTHORITY;
  const scope = "https://storage.azure.com/.default";
  return {
    token: await cloudToken(what, () =>
      entraToken({ authority, tenantId, clientId, tokenFile, scope }, fetch),
    ),
  };
}
