/** Capabilities and top-level files of runtime that its jobs share. */
const SHARED_RUNTIME = /^runtime\/(contract|artifacts|features|onnx|profile|redis)\/|^runtime\/[^/]+\.ts$/;
const CATALOG = /^workloads\/(catalog|broken-workload)\.ts$/;
const IMAGES_LOCK = /^components\/platform\/registry\/(images-lock|pull-through|upstream)\.ts$/;
/** What a cloud calls its machines and versions, and where images come from: data that prices, policies and commands read too. */
const COMPONENT_DATA =
  /^components\/platform\/(registry\/(images-lock|pull-through|upstream)|kubernetes\/gpu-types|gpu\/gpu-machines|nodes\/machine-size)\.ts$|^components\/[a-z]+\/cluster\/[a-z]+-versions\.ts$/;
/** What the doctor compares with a cloud: resource providers, zones, names of resources. */
const DOCTOR_DATA = /^components\/(azure\/resource-providers|aws\/(zones|auto-name))\.ts$/;
/** How the status finds the gateways of AKS. */
const GATEWAY_NAMES = /^components\/azure\/gateway\/aks-gateway-names\.ts$/;

/** What the jobs do with data, without their registry. */
const AUTHORED_JOBS =
  /^runtime\/(data|features|training|evaluation|onnx)\/(?!.*-job\.ts$)|^runtime\/serving\/prediction-answer\.ts$/;

export interface Rule {
  rule: string;
  /** Files that it binds. */
  files: RegExp;
  /** Project files that they may import; a function of the importing file where it matters. */
  mayImport: (from: string) => RegExp[];
}

const folderOf = (file: string): RegExp => new RegExp(`^${file.split("/").slice(0, 2).join("/")}/`);

/** Which folders may import which. */
export const RULES: Rule[] = [
  {
    // A tag that a service follows is looked up in the registry, by the client that pods use too.
    rule: "stacks import components, the contract, the registry's client, errors of the runtime, the catalogue of workloads and the forms of secrets",
    files: /^stacks\//,
    mayImport: () => [
      /^stacks\//,
      /^components\//,
      /^runtime\/(contract|artifacts)\//,
      /^runtime\/errors\.ts$/,
      CATALOG,
      /^policy\/platform\/secret-(shapes|names)\.ts$/,
    ],
  },
  {
    rule: "components of the platform import each other and the contract",
    files: /^components\/platform\//,
    mayImport: () => [/^components\/platform\//, /^runtime\/contract\//],
  },
  {
    rule: "components of a cloud import their own cloud, the platform and the contract",
    files: /^components\/(aws|gcp|azure)\//,
    mayImport: (from) => [folderOf(from), /^components\/platform\//, /^runtime\/contract\//],
  },
  {
    rule: "the contract imports nothing else of the project",
    files: /^runtime\/contract\//,
    mayImport: () => [/^runtime\/contract\//],
  },
  {
    rule: "jobs of runtime import their own folder and shared capabilities, never one another",
    files: /^runtime\/[^/]+\/(?<!contract\/)/,
    mayImport: (from) => [folderOf(from), SHARED_RUNTIME],
  },
  {
    // A job gets the definition of a workload as an artifact, so that an image holds none.
    rule: "top-level files of runtime import runtime",
    files: /^runtime\/[^/]+\.ts$/,
    mayImport: () => [/^runtime\//],
  },
  {
    rule: "a workload imports itself and the contract",
    files: /^workloads\/[^/]+\//,
    mayImport: (from) => [folderOf(from), /^runtime\/contract\//],
  },
  {
    rule: "the catalogue finds the workloads, and imports the contract and its errors",
    files: /^workloads\/[^/]+\.ts$/,
    mayImport: () => [/^workloads\/[^/]+\.ts$/, /^runtime\/contract\//, /^runtime\/errors\.ts$/],
  },
  {
    rule: "local/engine imports nothing outside itself",
    files: /^local\/engine\//,
    mayImport: () => [/^local\/engine\//],
  },
  {
    rule: "local/images imports local, the registry's client and the form of its lock file",
    files: /^local\/images\//,
    mayImport: () => [/^local\//, /^runtime\/(contract|artifacts)\//, IMAGES_LOCK],
  },
  {
    rule: "the rest of local imports local, and the form of the images' lock file",
    files: /^local\/(?!engine\/|images\/)/,
    mayImport: () => [/^local\//, IMAGES_LOCK],
  },
  {
    rule: "cost imports itself and the data of components",
    files: /^cost\//,
    mayImport: () => [/^cost\//, COMPONENT_DATA],
  },
  {
    rule: "policy imports itself, cost and the data of components",
    files: /^policy\//,
    mayImport: () => [/^policy\//, /^cost\//, COMPONENT_DATA],
  },
  {
    // Data stays in the cluster: the caller reads and writes tags and JSON. In the local cluster, whose pods reach no package index, it
    // publishes the source too.
    rule: "operations import local, workloads, how a stack's config is read, and of runtime what carries no data; and no command",
    files: /^operations\//,
    mayImport: (from) => [
      /^operations\//,
      /^local\//,
      /^runtime\/contract\//,
      /^runtime\/artifacts\/(?!(pull|push)-artifact)/,
      /^runtime\/[^/]+\.ts$/,
      ...(["operations/pipeline/publish-local-source.ts", "operations/author/trial-source.ts"].includes(from)
        ? [/^runtime\/sources\/(source-artifact|fetch-remote-source)\.ts$/]
        : []),
      // A gate judges recorded metrics, which are JSON.
      ...(from === "operations/models/check-model.ts" ? [/^runtime\/evaluation\/gate\.ts$/] : []),
      // A registered file comes from the disk of the caller.
      ...(from.startsWith("operations/register/")
        ? [/^runtime\/onnx\//, /^runtime\/artifacts\/push-artifact\.ts$/, /^runtime\/features\/matrix\.ts$/]
        : []),
      ...(from === "operations/pipeline/publish-definition.ts"
        ? [/^runtime\/artifacts\/push-artifact\.ts$/]
        : []),
      // An author tries a workload on this machine, with the code of the jobs: what it says is what they do.
      ...(from.startsWith("operations/author/") ? [AUTHORED_JOBS] : []),
      /^stacks\/(config\/|platform-outputs\.ts$)/,
      /^workloads\//,
      COMPONENT_DATA,
      DOCTOR_DATA,
      GATEWAY_NAMES,
    ],
  },
  {
    rule: "cli imports operations, local, cost, capabilities of runtime, workloads and how a stack's config is read",
    files: /^cli\//,
    mayImport: () => [
      /^cli\//,
      /^operations\//,
      /^local\//,
      /^cost\//,
      /^runtime\/(contract|artifacts|features)\//,
      /^runtime\/[^/]+\.ts$/,
      /^stacks\/(config\/|platform-outputs\.ts$)/,
      /^workloads\//,
      IMAGES_LOCK,
    ],
  },
];
