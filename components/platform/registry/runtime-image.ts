import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

export interface RuntimeImageArgs {
  /** `HOST/REPOSITORY` that it is pushed to, such as `123456789012.dkr.ecr.eu-central-1.amazonaws.com/slipway/runtime`. */
  repository: pulumi.Input<string>;
  /** Revision of the staged code, a hash of it: the tag, so that a registry whose tags cannot move takes it once; 1 to 128 letters, digits, `._-`. */
  revision: string;
  /** Image with glibc, libstdc++ and libgomp that it stands on, by digest. */
  base: pulumi.Input<string>;
  /** Folder that `npm run stage` has filled. */
  context: string;
  /** @default runtime/Dockerfile, from the program's folder */
  dockerfile?: string;
  /** Who may push. @default - what `docker login` and its credential helpers have */
  credentials?: { username: pulumi.Input<string>; password: pulumi.Input<string> };
}

/**
 * The runtime image, built by the Docker daemon of the machine that runs the program, and pushed. Its digest is known once it is
 * pushed: what runs it waits, and a preview builds nothing.
 *
 * @example
 * const image = new RuntimeImage("runtime", { repository, revision, base, context: "dist/runtime-context" });
 * new InferenceService("pushback", { image: image.reference, … });
 */
export class RuntimeImage extends pulumi.ComponentResource {
  /** `HOST/REPOSITORY@sha256:…`, as a pod names it. */
  readonly reference: pulumi.Output<string>;

  constructor(name: string, args: RuntimeImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:images:RuntimeImage", name, {}, opts);
    const { repository, revision, base, context, dockerfile = "runtime/Dockerfile", credentials } = args;
    if (!/^\w[\w.-]{0,127}$/.test(revision))
      throw new Error(
        `${name}: revision must be 1 to 128 letters, digits, dots, hyphens and underscores, got ${JSON.stringify(revision)}`,
      );
    const image = new docker.Image(
      `${name}-image`,
      {
        imageName: pulumi.interpolate`${repository}:${revision}`,
        build: {
          context,
          dockerfile,
          platform: "linux/amd64",
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
