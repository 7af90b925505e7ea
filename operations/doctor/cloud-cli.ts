import { commandReason } from "../command-reason.ts";
import { runCloudCli } from "../run-cloud-cli.ts";

/** Answer of a cloud's own command line. */
export type Answer = { ok: true; json: unknown } | { ok: false; reason: string; missing: boolean };

/** Asks a cloud through its command line, which the deployer has to have anyway: kubeconfigs call it. It only reads. */
export type CloudCli = (args: readonly string[]) => Promise<Answer>;

/** Characters of a reason that fit into a table. */
const REASON_LENGTH = 160;

/** Returns the command line `program` (`aws`, `gcloud` or `az`), told to answer in JSON and to ask nobody anything. */
export function cloudCli(program: "aws" | "gcloud" | "az"): CloudCli {
  const format = {
    aws: ["--output", "json"],
    gcloud: ["--format=json", "--quiet"],
    az: ["--output", "json"],
  };
  const env = {
    AWS_PAGER: "",
    AZURE_CORE_NO_COLOR: "true",
    CLOUDSDK_CORE_DISABLE_PROMPTS: "1",
    // Else gcloud offers to switch on an API that is off.
    CLOUDSDK_CORE_SHOULD_PROMPT_TO_ENABLE_API: "false",
  };
  return async (args) => {
    try {
      const text = await runCloudCli(program, [...args, ...format[program]], env);
      return { ok: true, json: parseAnswer(text, program) };
    } catch (error) {
      if (/^cannot start .*ENOENT/.test((error as Error).message))
        return { ok: false, missing: true, reason: `there is no ${program} on the PATH` };
      return { ok: false, missing: false, reason: commandReason(error, REASON_LENGTH) };
    }
  };
}

/** Some commands answer nothing where all is well. */
function parseAnswer(text: string, program: string): unknown {
  try {
    return text.trim() === "" ? {} : (JSON.parse(text) as unknown);
  } catch {
    throw new Error(`${program} answered something that is not JSON`);
  }
}
