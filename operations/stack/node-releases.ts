import { parseDocument } from "yaml";
import { EKS_DEFAULT_VERSION } from "../../components/aws/cluster/eks-versions.ts";
import type { NodeImage } from "../../stacks/config/schema/node-releases.ts";

/** The node images of a stack, and where AWS says which release is the newest. */
export interface NodeImageSource {
  image: NodeImage;
  region: string;
  /** Public parameter of the Systems Manager. */
  parameter: string;
}

/** Returns the node images that a stack on EKS runs. Throws for a stack on another cluster. */
export function nodeImageSources(cluster: unknown, stack: string): NodeImageSource[] {
  const part = (cluster ?? {}) as EksPart;
  const { kind, region = "", version = EKS_DEFAULT_VERSION, neuronPools = {} } = part;
  if (kind === "foundation")
    throw new Error(
      `stack ${stack}: it has no nodes of its own: run it for its foundation (--stack ${part.stack ?? "NAME"})`,
    );
  if (kind !== "eks")
    throw new Error(
      `stack ${stack}: slipway:cluster.kind must be eks, got ${kind ?? "existing"}; the other clouds patch their nodes themselves`,
    );
  const optimized = `/aws/service/eks/optimized-ami/${version}/amazon-linux-2023/x86_64`;
  return [
    {
      image: "bottlerocket",
      region,
      parameter: `/aws/service/bottlerocket/aws-k8s-${version}/x86_64/latest/image_version`,
    },
    ...(Object.keys(neuronPools).length === 0
      ? []
      : [{ image: "neuron" as const, region, parameter: `${optimized}/neuron/recommended/release_version` }]),
  ];
}

interface EksPart {
  kind?: string;
  /** Stack of the foundation, if `kind` is foundation. */
  stack?: string;
  region?: string;
  version?: string;
  neuronPools?: object;
}

/** Writes a release into the text of a stack's file. Comments and order stay. Returns the text and the release before. */
export function pinNodeRelease(
  text: string,
  image: NodeImage,
  release: string,
): { text: string; before: string } {
  const document = parseDocument(text);
  const path = ["config", "slipway:cluster", "nodeReleases", image];
  const before = document.getIn(path);
  document.setIn(path, release);
  return {
    text: document.toString({ lineWidth: 0 }),
    before: typeof before === "string" ? before : "the newest",
  };
}
