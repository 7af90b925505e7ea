import { writeFile } from "node:fs/promises";
import { CommandFailed } from "../../local/run-command.ts";
import { checkStackConfig, configLines } from "../../operations/check-stack-config.ts";
import { commandReason } from "../../operations/command-reason.ts";
import { ROOT } from "../../operations/root.ts";
import { runCloudCli } from "../../operations/run-cloud-cli.ts";
import { foundationOf } from "../../operations/stack/foundation-of.ts";
import { loadStackFile } from "../../operations/stack/load-stack-file.ts";
import { nodeImageSources, pinNodeRelease } from "../../operations/stack/node-releases.ts";

/** Asks AWS, by its command line, for the newest node images of a stack, and writes them into its file. */
export async function patch({ stack }: { stack: string }, root = ROOT, run = runCloudCli): Promise<void> {
  const own = await loadStackFile(root, stack);
  // The nodes are those of the foundation.
  const nodes = (await foundationOf(own))?.stack ?? stack;
  const { config, file, path, text } = nodes === stack ? own : await loadStackFile(root, nodes);
  let next = text;
  for (const { image, region, parameter } of nodeImageSources(config["slipway:cluster"], nodes)) {
    console.error(`Asking AWS for the newest node image ${image}`);
    const answer = await run("aws", [
      ...["ssm", "get-parameter", "--region", region, "--name", parameter],
      ...["--query", "Parameter.Value", "--output", "text"],
    ]).catch((error: unknown) => {
      const fix =
        error instanceof CommandFailed && error.timedOutMs !== undefined
          ? `let this machine reach https://ssm.${region}.amazonaws.com`
          : "log in with aws sso login, or set AWS_PROFILE to a profile that is logged in";
      throw new Error(
        `${file} is as it was: AWS does not say the newest node image ${image}: ${commandReason(error)}; ${fix}`,
      );
    });
    const pinned = pinNodeRelease(next, image, answer.trim());
    console.log(`${file}: ${image} ${answer.trim()}, before: ${pinned.before}`);
    next = pinned.text;
  }
  const { problems } = await checkStackConfig({ file, path, text: next });
  if (problems.length > 0)
    throw new Error(`the file is as it was: ${configLines(problems, { file }).join("; ")}`);
  await writeFile(path, next);
}
