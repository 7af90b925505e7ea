import { CommandFailed } from "../../local/run-command.ts";
import { configLines } from "../../operations/check-stack-config.ts";
import { commandReason } from "../../operations/command-reason.ts";
import { problemsOfChange } from "../../operations/problems-of-change.ts";
import { ROOT } from "../../operations/root.ts";
import { runCloudCli } from "../../operations/run-cloud-cli.ts";
import { foundationOf } from "../../operations/stack/foundation-of.ts";
import { loadStackFile } from "../../operations/stack/load-stack-file.ts";
import { nodeImageSources, pinNodeRelease } from "../../operations/stack/node-releases.ts";
import { writeStackFile } from "../../operations/stack/write-stack-file.ts";
import { WrongRequest } from "../../operations/wrong-request.ts";
import { mergeFoundation } from "../../stacks/config/merge-foundation.ts";
import { toProblem } from "../../stacks/config/parse-config.ts";
import { PROJECT } from "../../stacks/config/project-name.ts";
import { NODE_RELEASES } from "../../stacks/config/schema/node-releases.ts";
import { readStackFile } from "../../stacks/config/stack-file.ts";

/** Characters of a wrong answer that fit into a message. */
const ANSWER_LENGTH = 80;

/** Asks AWS, by its command line, for the newest node images of a stack, and writes them into its file. */
export async function patch({ stack }: { stack: string }, root = ROOT, run = runCloudCli): Promise<void> {
  const own = await loadStackFile(root, stack);
  // The nodes are those of the foundation.
  const foundation = await foundationOf(own);
  const [fault] = foundation === undefined ? [] : mergeFoundation({}, foundation).faults;
  if (fault !== undefined) {
    const source = { name: own.file, file: readStackFile(own.text, PROJECT) };
    throw new WrongRequest(configLines([toProblem(fault, source)], own).join("; "));
  }
  const nodes = foundation?.stack ?? stack;
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
    const release = answer.trim();
    const { form, rule } = NODE_RELEASES[image];
    if (!form.test(release))
      throw new Error(
        `${file} is as it was: the answer of AWS ${rule}, got ${JSON.stringify(release.slice(0, ANSWER_LENGTH))}, which is no version of the node image ${image}; see what it answers to aws ssm get-parameter --region ${region} --name ${parameter}`,
      );
    const pinned = pinNodeRelease(next, image, release);
    console.log(`${file}: ${image} ${release}, before: ${pinned.before}`);
    next = pinned.text;
  }
  const { caused, others } = await problemsOfChange({ file, path, text }, next);
  if (caused.length > 0)
    throw new Error(`the file is as it was: ${configLines(caused, { file }).join("; ")}`);
  await writeStackFile(path, { before: text, text: next });
  for (const line of configLines(others, { file }))
    console.error(`warning: still wrong, as before the change: ${line}`);
}
