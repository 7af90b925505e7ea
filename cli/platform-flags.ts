import { text } from "./flag.ts";

const stackRule = {
  placeholder: "NAME",
  // Pulumi takes no longer names.
  pattern: /^[a-z0-9][a-z0-9-]{0,99}$/,
  rule: "must be the name of a stack of at most 100 characters, such as dev",
};

export const STACK_FLAG = text({
  ...stackRule,
  about: "stack, which is the file Pulumi.NAME.yaml",
  default: "dev",
});

/** The stack of a command that can work on several: without the flag it may take all. */
export const OPTIONAL_STACK_FLAG = text({ ...stackRule, about: "stack; without it dev, or with --base all" });

/** Flags of every command that uses a running platform. */
export const PLATFORM_FLAGS = {
  stack: STACK_FLAG,
  context: text({
    about:
      "context of your kubeconfig: a cluster of your own for the stack, or the stack's cluster in a cloud",
    placeholder: "NAME",
    example: "my-cluster",
  }),
  registry: text({
    about: "registry of your own for images and models; goes with --context",
    placeholder: "HOST/PREFIX",
    example: "registry.example.com/team/ml",
    pattern: /^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9._-]+)*$/i,
    rule: "must be HOST or HOST/PREFIX without a scheme, such as registry.example.com/team/ml",
  }),
};

export const MODEL_FLAG = {
  about: "name of a model in workloads/",
  placeholder: "NAME",
  example: "pushback",
};

export const WORKLOAD_FLAG = { placeholder: "NAME", example: "loans" };

export const SERVICE_FLAG = {
  about: "environment and service",
  placeholder: "ENVIRONMENT/SERVICE",
  example: "production/pushback",
  pattern: /^[a-z0-9-]+\/[a-z0-9-]+$/,
  rule: "must be ENVIRONMENT/SERVICE, such as production/pushback",
};

export const FILE_FLAG = { placeholder: "FILE" };

export const FOLDER_FLAG = { placeholder: "FOLDER", example: "/backup/prod" };
