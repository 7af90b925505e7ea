import type { Credentials } from "../runtime/artifacts/credentials.ts";
import { RuntimeFault } from "../runtime/errors.ts";
import { commandReason } from "./command-reason.ts";
import { runCloudCli } from "./run-cloud-cli.ts";

/** Runs a program and returns what it prints. */
export type Run = (program: string, args: string[]) => Promise<string>;

/** Gets credentials for a registry from the command line of its cloud, for the user who is logged in there. */
type Login = (host: string, run: Run) => Promise<Credentials>;

/** Username that Azure expects beside a token. @see https://learn.microsoft.com/azure/container-registry/container-registry-authentication */
const ACR_USERNAME = "00000000-0000-0000-0000-000000000000";

/** Kind of a registry → how to log in. */
const LOGINS: Readonly<Record<string, Login>> = {
  ecr: async (host, run) => {
    const [, region = ""] = /\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com$/.exec(host) ?? [];
    const password = await run("aws", ["ecr", "get-login-password", "--region", region]);
    return { username: "AWS", password: password.trim() };
  },
  "artifact-registry": async (_host, run) => {
    const password = await run("gcloud", ["auth", "print-access-token"]);
    return { username: "oauth2accesstoken", password: password.trim() };
  },
  acr: async (host, run) => {
    const [name = ""] = host.split(".");
    const token = await run("az", [
      "acr",
      "login",
      "--name",
      name,
      "--expose-token",
      "--query",
      "accessToken",
      "--output",
      "tsv",
    ]);
    return { username: ACR_USERNAME, password: token.trim() };
  },
};

/**
 * Returns the function that logs in to the registry of a cloud; undefined for a registry of another kind. The function throws an error
 * with the fix if the command line of the cloud is missing or not logged in.
 *
 * @param kind - `registry.kind` of the config
 * @param url - base URL of the registry
 */
export function registryLogin(
  kind: string,
  url: string,
  run: Run = runCloudCli,
): (() => Promise<Credentials>) | undefined {
  const login = LOGINS[kind];
  if (login === undefined) return undefined;
  const { host } = new URL(url);
  return () =>
    // The error has no cause: that of a command line is its whole output, and the message has the line that says why.
    login(host, run).catch((error: unknown) => {
      throw new RuntimeFault(
        "login",
        401,
        `registry ${host}: cannot log in: ${commandReason(error)}; log in to the cloud, or run docker login ${host}`,
      );
    });
}
