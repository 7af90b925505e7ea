import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Architecture } from "../kubernetes/architecture.ts";

export interface RuntimeImageArgs {
  /** `HOST/REPOSITORY` to push the image to, such as `123456789012.dkr.ecr.eu-central-1.amazonaws.com/slipway/runtime`. */
  repository: pulumi.Input<string>;
  /**
   * Tag of the image: a hash of everything that it is built from, because a registry with immutable tags accepts each tag once;
   * 1 to 128 letters, digits, `._-`.
   */
  tag: string;
  /** Revision of the staged code, which model cards name. */
  revision: string;
  /** Base image with glibc, libstdc++ and libgomp, by digest. */
  base: pulumi.Input<string>;
  /** Folder of the build context, which `npm run stage` fills, from the folder of the program. */
  context: string;
  /** Processors for which the context is staged. @default amd64 */
  architecture?: Architecture;
  /** Path of the Dockerfile, from the folder of the program. */
  dockerfile: string;
  /** Account that may push. @default - what `docker login` and its credential helpers have */
  credentials?: { username: pulumi.Input<string>; password: pulumi.Input<string> };
}

/**
 * Builds the runtime image with the Docker daemon of the machine that runs the program, and pushes it. Its digest is known after the
 * push, so the resources that use it wait. A preview builds nothing.
 *
 * @example
 * const image = new RuntimeImage("runtime", {
 *   repository,
 *   tag: `${revision}-${base.slice(-12)}`,
 *   revision,
 *   base,
 *   context: "../dist/runtime-context",
 *   dockerfile: "../runtime/Dockerfile",
 * });
 * new InferenceService("pushback", { image: image.reference, … });
 */
export class RuntimeImage extends pulumi.ComponentResource {
  /** Reference of the pushed image: `HOST/REPOSITORY@sha256:…`. */
  readonly reference: pulumi.Output<string>;

  constructor(name: string, args: RuntimeImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:images:RuntimeImage", name, {}, opts);
    const {
      repository,
      tag,
      revision,
      base,
      context,
      dockerfile,
      credentials,
      architecture = "amd64",
    } = args;
    if (!/^\w[\w.-]{0,127}$/.test(tag))
      throw new Error(
        `${name}: tag must be 1 to 128 letters, digits, dots, hyphens and underscores, got ${JSON.stringify(tag)}`,
      );
    const image = new docker.Image(
      `${name}-image`,
      {
        imageName: pulumi.interpolate`${repository}:${tag}`,
        build: {
          context,
          dockerfile,
          platform: `linux/${architecture}`,
          args: { BASE: base, REVISION: revision },
          builderVersion: docker.BuilderVersion.BuilderBuildKit,
        },
        buildOnPreview: false,
        ...(credentials === undefined
          ? {}
          : {
              registry: {
                server: pulumi.output(repository).apply((text) => text.split("/")[0] ?? ""),
                username: credentials.username,
                password: pulumi.secret(credentials.password),
              },
            }),
      },
      { parent: this },
    );
    this.reference = image.repoDigest;
    this.registerOutputs({ reference: this.reference });
  }
}
