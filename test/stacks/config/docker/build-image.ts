import { spawn } from "node:child_process";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import type { DockerDaemon } from "./docker-daemon.ts";

/** Inputs of a `docker.Image`, as far as a stack uses them. */
export const imageInputsSchema = z.strictObject({
  imageName: z.string(),
  buildOnPreview: z.literal(false),
  skipPush: z.literal(false),
  build: z.strictObject({
    context: z.string(),
    dockerfile: z.string(),
    platform: z.string(),
    args: z.record(z.string(), z.string()),
    builderVersion: z.literal("BuilderBuildKit"),
  }),
});
export type ImageInputs = z.infer<typeof imageInputsSchema>;

const lineSchema = z.looseObject({
  error: z.string().optional(),
  aux: z.unknown().optional(),
});

/**
 * Builds and pushes an image with the calls of Pulumi's Docker provider, which cannot be had as a Go module: paths start at
 * `programFolder`, where the CLI runs the provider; the context is sent as an archive, with the Dockerfile under another name,
 * because it is outside of the context. Returns the image by its digest, the provider's `repoDigest`.
 */
export async function buildImage(
  daemon: DockerDaemon,
  { imageName, build }: Pick<ImageInputs, "imageName" | "build">,
  programFolder: string,
): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), "build-image-"));
  try {
    const dockerfile = ".dockerfile.0123456789";
    await copyFile(resolve(programFolder, build.dockerfile), join(scratch, dockerfile));
    await writeFile(join(scratch, ".dockerignore"), `${dockerfile}\n.dockerignore\n`);
    const query = new URLSearchParams({
      version: "2", // BuildKit
      t: imageName,
      dockerfile,
      platform: build.platform,
      buildargs: JSON.stringify(build.args),
    });
    const context = resolve(programFolder, build.context);
    const folders = ["-C", context, ".", "-C", scratch, ".dockerignore", dockerfile];
    const tar = spawn("tar", ["--owner=0", "--group=0", "--numeric-owner", "-cf", "-", ...folders], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    faultsOf(await daemon.call("POST", `/build?${query.toString()}`, { tar: tar.stdout }));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return push(daemon, imageName);
}

async function push(daemon: DockerDaemon, imageName: string): Promise<string> {
  const tagAt = imageName.lastIndexOf(":");
  const [repository, tag] = [imageName.slice(0, tagAt), imageName.slice(tagAt + 1)];
  const headers = { "x-registry-auth": Buffer.from("{}").toString("base64url") };
  const lines = faultsOf(await daemon.call("POST", `/images/${repository}/push?tag=${tag}`, { headers }));
  const digest = lines.map(({ aux }) => z.object({ Digest: z.string() }).safeParse(aux).data?.Digest);
  const found = digest.findLast((value) => value !== undefined);
  if (found === undefined) throw new Error(`${imageName}: the push must end with a digest`);
  return `${repository}@${found}`;
}

/** Returns the lines of a stream. Throws the error that the daemon reports in it: its status is 200 even then. */
function faultsOf(stream: string): z.infer<typeof lineSchema>[] {
  const lines = stream
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => lineSchema.parse(JSON.parse(line)));
  const fault = lines.find(({ error }) => error !== undefined)?.error;
  if (fault !== undefined) throw new Error(fault);
  return lines;
}
