import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { runCommand } from "../../../local/run-command.ts";
import { goToolVersion } from "../../../local/tools/go-tool.ts";
import {
  PUBLISHED_TOOLS,
  publishedFiles,
  type PublishedFile,
  type PublishedTool,
} from "../../../local/tools/published-files.ts";
import { content, type FileServer } from "./file-server.ts";

/** One file of the stand-in for the publishers. */
export interface Served extends PublishedFile {
  tool: PublishedTool;
  body: Buffer;
  sha256: string;
  /** Paths on the server. */
  path: string;
  sumsPath: string;
}

/** A program that prints its version as the real ones do, in a file of a real one's order of size. */
const script = (program: string, version: string, bytes: number): string =>
  `#!/bin/sh\necho "${program === "coredns" ? `CoreDNS-${version.slice(1)}` : `${program} Version: ${version}`}"\nexit 0\n${"#".repeat(bytes)}\n`;

/** Fills a server with the files of all publishers in their layout, each with its checksum file, and returns the files. */
export async function publish(server: FileServer, bytes = 100_000): Promise<Served[]> {
  const served: Served[] = [];
  for (const tool of PUBLISHED_TOOLS) {
    const version = await goToolVersion(tool);
    for (const file of publishedFiles(tool, version)) {
      const program = script(file.program, version, bytes);
      const body = file.member === undefined ? Buffer.from(program) : await archive(file.member, program);
      const sha256 = createHash("sha256").update(body).digest("hex");
      const path = `/${file.address}`;
      const sumsPath = `/${file.checksums}`;
      server.answers.set(path, content(body));
      const list = `${"0".repeat(64)}  another-file\n${sha256}  ${basename(path)}\n`;
      server.answers.set(sumsPath, content(tool === "kubernetes" ? sha256 : list));
      served.push({ ...file, tool, body, sha256, path, sumsPath });
    }
  }
  return served;
}

/** A compressed archive with the member and one more. */
export async function archive(member: string, text: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-archive-"));
  try {
    await mkdir(dirname(join(folder, member)), { recursive: true });
    await writeFile(join(folder, member), text, { mode: 0o755 });
    await writeFile(join(folder, "README.md"), "read me");
    const file = join(folder, "archive.tgz");
    await runCommand("tar", [
      "--create",
      "--gzip",
      "--file",
      file,
      "--directory",
      folder,
      member,
      "README.md",
    ]);
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Puts a `go` into a folder that builds nothing: it writes scripts as programs, and its arguments to `calls`. */
export async function fakeGo(folder: string): Promise<{ path: string; calls: () => Promise<string[]> }> {
  const log = join(folder, "calls");
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, "go"),
    `#!/bin/sh
if [ "$1" = env ]; then echo go1.99.0; exit 0; fi
echo "$@" >> ${log}
while [ $# -gt 0 ]; do [ "$1" = -o ] && out=$2; shift; done
case "$out" in */) echo built > "$out/program" ;; *) echo built > "$out" ;; esac
`,
  );
  await chmod(join(folder, "go"), 0o755);
  return {
    path: `${folder}:${process.env["PATH"]}`,
    calls: async () => (await readFile(log, "utf8").catch(() => "")).split("\n").filter(Boolean),
  };
}
