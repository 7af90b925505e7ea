import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  DOWNLOAD_LIMITS,
  DownloadFailed,
  downloadFile,
  downloadText,
  type DownloadOptions,
} from "../../../local/tools/download.ts";
import {
  content,
  fileServer,
  firstByteOnly,
  firstThen,
  halfContent,
  noAnswer,
  redirect,
  status,
  type FileServer,
} from "./file-server.ts";

const body = "x".repeat(200_000);
const sum = createHash("sha256").update(body).digest("hex");
const impatient: DownloadOptions = { limits: { ...DOWNLOAD_LIMITS, answerMs: 150, windowMs: 150 } };

describe("a download", () => {
  let server: FileServer;
  let folder: string;
  let path: string;

  beforeEach(async () => {
    server = await fileServer();
    folder = await mkdtemp(join(tmpdir(), "slipway-download-"));
    path = join(folder, "file");
  });
  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  const url = (name = "/file"): URL => new URL(server.url + name);
  const get = (options?: DownloadOptions): Promise<string> => downloadFile(url(), path, options);
  const failure = async (options?: DownloadOptions): Promise<DownloadFailed> => {
    const error: unknown = await get(options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DownloadFailed);
    return error as DownloadFailed;
  };

  it("writes the file, counts its bytes and returns its sha256", async () => {
    server.answers.set("/file", content(body));
    let bytes = 0;
    expect(await get({ onBytes: (more) => (bytes += more) })).toBe(sum);
    expect(await readFile(path, "utf8")).toBe(body);
    expect(bytes).toBe(body.length);
  });

  it("follows redirects, on its own server and to https", async () => {
    server.answers.set("/file", redirect("/a"));
    server.answers.set("/a", redirect(`${server.url}/b`));
    server.answers.set("/b", content(body));
    expect(await get()).toBe(sum);
    server.answers.set("/b", redirect("https://127.0.0.1:1/file"));
    expect((await failure()).message).toMatch(/^127\.0\.0\.1:1 cannot be reached/);
  });

  it.each([
    [
      "http://publisher.invalid/file?signature=secret",
      "must redirect to an https URL, got http://publisher.invalid/file",
    ],
    ["file:///etc/passwd", "must redirect to an https URL"],
    ["https://", "must redirect to an https URL, got no URL"],
  ])("refuses the redirect to %s", async (location, message) => {
    server.answers.set("/file", redirect(location));
    expect((await failure()).message).toContain(message);
    expect((await failure()).message).not.toContain("secret");
  });

  it("ends a circle of redirects", async () => {
    server.answers.set("/file", redirect("/file"));
    expect((await failure()).message).toContain("must redirect at most 5 times");
  });

  it("fails at once if the server has no such file", async () => {
    expect((await failure()).message).toBe(`${server.url}/file: must answer 200, got 404`);
    expect(server.requests).toHaveLength(1);
  });

  it("tries again once after an error of the server", async () => {
    server.answers.set("/file", firstThen(status(503), content(body)));
    expect(await get()).toBe(sum);
    server.answers.set("/file", status(500));
    expect((await failure()).message).toContain("got 500");
    expect(server.requests).toHaveLength(4);
  });

  it("tries again once after half a file, from its beginning", async () => {
    server.answers.set("/file", firstThen(halfContent(body), content(body)));
    expect(await get()).toBe(sum);
    expect(await readFile(path, "utf8")).toBe(body);
  });

  it("fails after two half files", async () => {
    server.answers.set("/file", halfContent(body));
    expect((await failure()).message).toMatch(/\/file: broke off after \d+ bytes \(.+\)$/);
    expect(server.requests).toHaveLength(2);
  });

  it("gives a server up that stalls, or that is too slow", async () => {
    server.answers.set("/file", firstByteOnly(body));
    const { message, unreachable } = await failure(impatient);
    expect(message).toBe(`${server.url}/file: must send at least 1048576 bytes every 0.15 s, sent 1`);
    expect(unreachable).toBe(false);
  });

  it("waits for a server that never answers once, not for each file", async () => {
    server.answers.set("/file", noAnswer);
    const { message, unreachable } = await failure(impatient);
    expect(message).toBe(`${new URL(server.url).host} cannot be reached (no answer in 0.15 s)`);
    expect(unreachable).toBe(true);
    const start = Date.now();
    await expect(downloadText(url("/other"))).rejects.toThrow("cannot be reached (no answer in 0.15 s)");
    expect(Date.now() - start).toBeLessThan(100);
    expect(server.requests).toEqual(["/file"]);
  });

  it("waits longer for a server that has answered before, such as a mirror that first fetches the file itself", async () => {
    server.answers.set("/sums", content("sums"));
    server.answers.set("/file", (response) => void setTimeout(() => response.end(body), 200));
    const limits = { ...DOWNLOAD_LIMITS, answerMs: 100, windowMs: 5000 };
    expect(await downloadText(url("/sums"), { limits })).toBe("sums");
    expect(await get({ limits })).toBe(sum);
  });

  it("fails at once if nothing listens", async () => {
    const closed = await fileServer();
    await closed.close();
    const failed = downloadText(new URL(closed.url), impatient);
    await expect(failed).rejects.toMatchObject({ unreachable: true });
    await expect(failed).rejects.toThrow("cannot be reached (ECONNREFUSED)");
  });

  it("fails at once if the name of the host does not resolve", async () => {
    await expect(downloadText(new URL("https://publisher.invalid/file"))).rejects.toThrow(
      /^publisher\.invalid cannot be reached \(/,
    );
  });

  it("refuses a file that is too large, and a text that is", async () => {
    server.answers.set("/file", content(body));
    const { message } = await failure({ limits: { ...DOWNLOAD_LIMITS, maxBytes: 1000 } });
    expect(message).toBe(`${server.url}/file: must have at most 1000 bytes, has more`);
    server.answers.set("/file", content(Buffer.alloc(2 ** 20 + 1)));
    await expect(downloadText(url())).rejects.toThrow("must have at most 1048576 bytes");
  });

  it("can be stopped, and does not try again then", async () => {
    server.answers.set("/file", firstByteOnly(body));
    const stop = new AbortController();
    const running = get({ signal: stop.signal });
    setTimeout(() => stop.abort(new Error("stopped")), 50);
    await expect(running).rejects.toThrow("stopped");
    expect(server.requests).toHaveLength(1);
  });

  it("does not blame the server for a file that cannot be written", async () => {
    server.answers.set("/file", content(body));
    const failed = downloadFile(url(), join(folder, "no", "such", "folder"));
    await expect(failed).rejects.toMatchObject({ code: "ENOENT" });
  });
});
