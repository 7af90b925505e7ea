import { readFile } from "node:fs/promises";
import { WrongRequest } from "../../operations/wrong-request.ts";
import { postComment } from "../preview/pull-request-comment.ts";

/** Posts a file as the comment of the preview on the pull request of a GitHub workflow, or updates that comment. */
export async function comment({ file }: { file: string }): Promise<void> {
  const body = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new WrongRequest(`--file ${file}: must be a file that can be read, got ${error.code}`);
  });
  const outcome = await postComment({
    api: process.env["GITHUB_API_URL"] ?? "https://api.github.com",
    repository: variable("GITHUB_REPOSITORY"),
    token: variable("GITHUB_TOKEN"),
    event: await readEvent(variable("GITHUB_EVENT_PATH")),
    body,
  });
  console.log(`comment: ${outcome}`);
}

/** Reads the event for which GitHub runs the workflow. */
async function readEvent(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Error(`GITHUB_EVENT_PATH ${file}: must be a file that can be read, got ${error.code}`);
  });
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error(`GITHUB_EVENT_PATH ${file}: must be the JSON of a GitHub event, got something else`);
  }
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "")
    throw new Error(`the environment must have ${name}: this command runs in a GitHub workflow`);
  return value;
}
