import { z } from "zod";
import { COMMENT_MARKER } from "./render-markdown.ts";

/** The parts of a workflow's event that name its pull request. */
const eventSchema = z.object({
  pull_request: z.object({ number: z.int() }).optional(),
  workflow_run: z
    .object({
      head_sha: z.string(),
      head_branch: z.string(),
      head_repository: z.object({ owner: z.object({ login: z.string() }) }),
    })
    .optional(),
});
export type PullRequestEvent = z.infer<typeof eventSchema>;

const pullsSchema = z.array(z.object({ number: z.int(), head: z.object({ sha: z.string() }) }));
const commentsSchema = z.array(
  z.object({ id: z.int(), body: z.string().nullish(), user: z.object({ type: z.string() }).nullish() }),
);

export interface CommentOptions {
  /** Base URL of GitHub's API. */
  api: string;
  /** `OWNER/NAME`. */
  repository: string;
  token: string;
  event: unknown;
  /** Text of the comment, with or without its marker. */
  body: string;
  /** @default - the global one */
  fetch?: typeof fetch;
}

const PER_PAGE = 100;

/**
 * Posts a comment on the pull request of the event, or updates the comment of an earlier run. The number of the pull request
 * comes from the event and the API alone: the files of a run on a fork are not trusted.
 */
export async function postComment(
  options: CommentOptions,
): Promise<"created" | "updated" | "no pull request"> {
  const { repository, body, token } = options;
  // Else the error of fetch has the whole header.
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new Error(
      "GITHUB_TOKEN: must be a token of GitHub, got text with spaces, line breaks or other characters",
    );
  const event = eventSchema.safeParse(options.event);
  if (!event.success)
    throw new Error("the event must be one of GitHub's with a pull_request or a workflow_run");
  const number = await pullRequestOf(event.data, options);
  if (number === undefined) return "no pull request";
  const text = body.includes(COMMENT_MARKER) ? body : `${COMMENT_MARKER}\n${body}`;
  const existing = await ownComment(number, options);
  if (existing === undefined)
    await request(options, "POST", `/repos/${repository}/issues/${number}/comments`, { body: text });
  else await request(options, "PATCH", `/repos/${repository}/issues/comments/${existing}`, { body: text });
  return existing === undefined ? "created" : "updated";
}

/** Returns the open pull request whose head the run was on; undefined where the head has moved since. */
async function pullRequestOf(event: PullRequestEvent, options: CommentOptions): Promise<number | undefined> {
  if (event.pull_request !== undefined) return event.pull_request.number;
  const run = event.workflow_run;
  if (run === undefined) throw new Error("the event must have a pull_request or a workflow_run");
  const query = new URLSearchParams({
    state: "open",
    head: `${run.head_repository.owner.login}:${run.head_branch}`,
  });
  const pulls = pullsSchema.parse(
    await request(options, "GET", `/repos/${options.repository}/pulls?${query.toString()}`),
  );
  return pulls.find(({ head }) => head.sha === run.head_sha)?.number;
}

/** Returns the id of the comment that a workflow posted before. Only comments of bots count, as anybody can write the marker. */
async function ownComment(number: number, options: CommentOptions): Promise<number | undefined> {
  for (let page = 1; ; page++) {
    const path = `/repos/${options.repository}/issues/${number}/comments?per_page=${PER_PAGE}&page=${page}`;
    const comments = commentsSchema.parse(await request(options, "GET", path));
    const own = comments.find(
      ({ body, user }) => user?.type === "Bot" && (body ?? "").startsWith(COMMENT_MARKER),
    );
    if (own !== undefined || comments.length < PER_PAGE) return own?.id;
  }
}

async function request(
  { api, token, fetch: send = fetch }: CommentOptions,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const response = await send(`${api}${path}`, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "x-github-api-version": "2022-11-28",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  if (!response.ok)
    throw new Error(
      `GitHub: ${method} ${path} must succeed, got ${response.status}; the job needs the permission pull-requests: write`,
    );
  return response.json();
}
