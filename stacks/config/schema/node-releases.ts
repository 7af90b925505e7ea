/** A node image of EKS, by its key in `slipway:cluster.nodeReleases`. */
export type NodeImage = "bottlerocket" | "neuron";

/** Forms of the releases of node images, as the Systems Manager of AWS names them. */
export const NODE_RELEASES: Readonly<Record<NodeImage, { form: RegExp; rule: string }>> = {
  bottlerocket: {
    form: /^\d+\.\d+\.\d+-[0-9a-f]{8}$/,
    rule: "must be a version with its build, such as 1.62.0-1b2c3d4e",
  },
  neuron: { form: /^1\.\d+\.\d+-\d{8}$/, rule: "must be a release such as 1.36.2-20261120" },
};
