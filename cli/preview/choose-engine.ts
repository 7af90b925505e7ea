import type { StackNeeds } from "./stack-needs.ts";

/** Variables that hold the credentials of a cloud, or name their place. One of them is enough. */
const CREDENTIALS: Readonly<Record<string, readonly string[]>> = {
  eks: [
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  ],
  gke: ["GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CREDENTIALS", "GOOGLE_OAUTH_ACCESS_TOKEN"],
  aks: ["ARM_CLIENT_ID", "AZURE_CLIENT_ID", "ARM_USE_OIDC", "ARM_USE_MSI"],
};

export interface EngineChoice {
  engine: "pulumi CLI" | "offline engine";
  /** Why the CLI does not plan the stack. */
  because?: string;
}

/** Chooses the pulumi CLI if it is installed and has credentials for the stack's cloud, and otherwise the offline engine, which asks no cloud. */
export function chooseEngine(
  { cluster }: Pick<StackNeeds, "cluster">,
  options: { hasCli: boolean; offline: boolean; env: Readonly<Record<string, string | undefined>> },
): EngineChoice {
  const { hasCli, offline, env } = options;
  if (offline) return { engine: "offline engine", because: "--offline" };
  if (!hasCli) return { engine: "offline engine", because: "there is no pulumi CLI on the PATH" };
  const variables = CREDENTIALS[cluster];
  if (variables !== undefined && !variables.some((name) => (env[name] ?? "") !== ""))
    return {
      engine: "offline engine",
      because: `the environment has no credentials for ${cluster} (such as ${variables[0] ?? ""})`,
    };
  return { engine: "pulumi CLI" };
}
