import { writeFile } from "node:fs/promises";
import { runCommand } from "../../local/run-command.ts";
import { configLines } from "../../operations/check-stack-config.ts";
import { commandReason } from "../../operations/command-reason.ts";
import { problemsOfChange } from "../../operations/problems-of-change.ts";
import { ROOT } from "../../operations/root.ts";
import { foundationOf } from "../../operations/stack/foundation-of.ts";
import { loadStackFile } from "../../operations/stack/load-stack-file.ts";
import { nodeImageSources, pinNodeRelease } from "../../operations/stack/node-releases.ts";

/** Asks AWS, by its command line, for the newest node images of a stack, and writes them into its file. */
export async function patch({ stack }: { stack: string }, root = ROOT, run = runCommand): Promise<void> {
  const own = await loadStackFile(root, stack);
  // The nodes are those of the foundation.
  const nodes = (await foundationOf(own))?.stack ?? stack;
  const { config, file, path, text } = nodes === stack ? own : await loadStackFile(root, nodes);
  let next = text;
  for (const { image, region, parameter } of nodeImageSources(config["slipway:cluster"], nodes)) {
    const answer = await run("aws", [
      ...["ssm", "get-parameter", "--region", region, "--name", parameter],
      ...["--query", "Parameter.Value", "--output", "text"],
    ]).catch((error: unknown) => {
      throw new Error(
        `${file} is as it was: AWS does not say the newest node image ${image}: ${commandReason(error)}; log in with aws sso login, or set AWS_PROFILE to a profile that is logged in`,
      );
    });
    const pinned = pinNodeRelease(next, image, answer.trim());
    console.log(`${file}: ${image} ${answer.trim()}, before: ${pinned.before}`);
    next = pinned.text;
  }
  const { caused, others } = await problemsOfChange({ file, path, text }, next);
  if (caused.length > 0)
    throw new Error(`the file is as it was: ${configLines(caused, { file }).join("; ")}`);
  await writeFile(path, next);
  for (const line of configLines(others, { file }))
    console.error(`warning: still wrong, as before the change: ${line}`);
}
