import { CommandFailed } from "../../local/run-command.ts";
import { commandReason } from "../command-reason.ts";
import { runCloudCli } from "../run-cloud-cli.ts";
import type { Finding } from "./finding.ts";

/** Characters of a reason that fit into a table. */
const REASON_LENGTH = 160;

interface Tool {
  name: string;
  /** Arguments by which it prints its version. */
  args: readonly string[];
  /** What needs it. */
  needed: string;
  /** Lowest major version that is enough. @default - every version is */
  minMajor?: number;
  fix: string;
}

const PULUMI: Tool = {
  name: "pulumi",
  args: ["version"],
  needed: "to deploy to a cloud: the offline engine only plans there",
  fix: "https://www.pulumi.com/docs/install/",
};

/** Programs that a deployment needs on the PATH, by the kind of the cluster. */
const TOOLS: Readonly<Record<"eks" | "gke" | "aks", readonly Tool[]>> = {
  eks: [
    PULUMI,
    {
      name: "aws",
      args: ["--version"],
      needed: "by the kubeconfig: aws eks get-token of version 2",
      minMajor: 2,
      fix: "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
    },
  ],
  gke: [
    PULUMI,
    {
      name: "gcloud",
      args: ["--version"],
      needed: "to ask the project",
      fix: "https://cloud.google.com/sdk/docs/install",
    },
    {
      name: "gke-gcloud-auth-plugin",
      args: ["--version"],
      needed: "by the kubeconfig",
      fix: "gcloud components install gke-gcloud-auth-plugin",
    },
  ],
  aks: [
    PULUMI,
    {
      name: "az",
      args: ["version"],
      needed: "to ask the subscription",
      fix: "https://learn.microsoft.com/cli/azure/install-azure-cli",
    },
    { name: "kubelogin", args: ["--version"], needed: "by the kubeconfig", fix: "az aks install-cli" },
  ],
};

/** Says which programs a deployment lacks. `run` prints the version of a program. */
export async function toolFindings(
  kind: keyof typeof TOOLS,
  run: (program: string, args: readonly string[]) => Promise<string> = runCloudCli,
): Promise<Finding[]> {
  return Promise.all(
    TOOLS[kind].map(async ({ name, args, needed, minMajor = 0, fix }): Promise<Finding> => {
      const text = await run(name, args).catch((error: Error) => error);
      if (text instanceof Error) {
        const found = whyNoVersion(text, name, args);
        return { subject: name, state: "wrong", found, needed, fix };
      }
      const found = versionIn(text);
      const isEnough = !(majorOf(found) < minMajor); // a version that is not a number is taken for enough
      return { subject: name, found, needed, ...(isEnough ? { state: "ok" } : { state: "wrong", fix }) };
    }),
  );
}

/** Why a program did not print its version. One that is there and fails is no missing one. */
function whyNoVersion(error: Error, name: string, args: readonly string[]): string {
  if (!(error instanceof CommandFailed)) {
    const { cause } = error;
    const isThere = cause instanceof Error && (cause as NodeJS.ErrnoException).code !== "ENOENT";
    return isThere ? `cannot be started: ${cause.message}` : "not on the PATH";
  }
  const hasReason =
    error.timedOutMs !== undefined || error.outputLimitBytes !== undefined || error.output.trim() !== "";
  const reason = hasReason
    ? commandReason(error, REASON_LENGTH)
    : `ended with ${error.exitCode ?? "a signal"}`;
  return error.timedOutMs === undefined ? `${name} ${args.join(" ")} fails: ${reason}` : reason;
}

function majorOf(version: string): number {
  return Number.parseInt(version.replace(/^v/, ""), 10);
}

function versionIn(text: string): string {
  return /v?\d+\.\d+(\.\d+)?[\w.+-]*/.exec(text)?.[0] ?? "there";
}
