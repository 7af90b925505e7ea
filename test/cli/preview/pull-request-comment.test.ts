import { describe, expect, it } from "vitest";
import { postComment } from "../../../cli/preview/pull-request-comment.ts";
import { COMMENT_MARKER } from "../../../cli/preview/render-markdown.ts";

interface Comment {
  id: number;
  body: string;
  user: { type: string };
}

/** As much of GitHub as a comment needs: one pull request, 7, and its comments. */
function github(comments: Comment[], headSha = "abc"): { fetch: typeof fetch; calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    fetch: async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      calls.push(`${init?.method ?? "GET"} ${url.pathname}`);
      if (url.pathname.endsWith("/pulls")) return Response.json([{ number: 7, head: { sha: headSha } }]);
      if (init?.method === "POST" || init?.method === "PATCH") return Response.json({ id: 1 });
      const page = Number(url.searchParams.get("page"));
      return Response.json(comments.slice((page - 1) * 100, page * 100));
    },
  };
}

const base = { api: "https://github.example", repository: "o/r", token: "t", body: `${COMMENT_MARKER}\nnew` };
const run = {
  workflow_run: { head_sha: "abc", head_branch: "b", head_repository: { owner: { login: "fork" } } },
};
const comment = (id: number, body: string, type = "Bot"): Comment => ({ id, body, user: { type } });

describe("postComment", () => {
  it("creates the comment where there is none", async () => {
    const { fetch, calls } = github([comment(1, "hello")]);
    expect(await postComment({ ...base, event: { pull_request: { number: 7 } }, fetch })).toBe("created");
    expect(calls.at(-1)).toBe("POST /repos/o/r/issues/7/comments");
  });

  it("updates its own, on any page, and not one in which somebody wrote the marker", async () => {
    const others = Array.from({ length: 150 }, (_, i) => comment(i, `${COMMENT_MARKER} mine`, "User"));
    const { fetch, calls } = github([...others, comment(900, `${COMMENT_MARKER}\nold`)]);
    expect(await postComment({ ...base, event: { pull_request: { number: 7 } }, fetch })).toBe("updated");
    expect(calls.at(-1)).toBe("PATCH /repos/o/r/issues/comments/900");
  });

  it("finds the pull request of a run on a fork by the commit that it ran on", async () => {
    const { fetch, calls } = github([]);
    expect(await postComment({ ...base, event: run, fetch })).toBe("created");
    expect(calls[0]).toBe("GET /repos/o/r/pulls");
  });

  it("posts nothing where the branch has moved on since", async () => {
    const { fetch, calls } = github([], "newer");
    expect(await postComment({ ...base, event: run, fetch })).toBe("no pull request");
    expect(calls).toHaveLength(1);
  });

  it("does not print a token that cannot be in a header", async () => {
    const { fetch, calls } = github([]);
    const event = { pull_request: { number: 7 } };
    const failure = await postComment({ ...base, token: "ghs_hun\nter2", event, fetch }).catch(String);
    expect(failure).toMatch(/^Error: GITHUB_TOKEN: must be a token of GitHub/);
    expect(failure).not.toMatch(/hun|ter2/);
    expect(calls).toEqual([]);
  });

  it("names the permission where GitHub refuses, and not the token", async () => {
    const refused: typeof fetch = async () => new Response("no", { status: 403 });
    await expect(
      postComment({ ...base, token: "secret-token", event: { pull_request: { number: 7 } }, fetch: refused }),
    ).rejects.toThrow(/got 403; the job needs the permission pull-requests: write$/);
  });
});
