import { BadInput } from "../runtime/errors.ts";

/** A definition of a workload breaks a rule, or cannot be loaded. A command that needs it ends with exit code 2; others go on. */
export class BrokenWorkload extends BadInput {
  /** Name of the workload as far as it is known: that of its folder or package where the definition says none. */
  readonly workload: string;
  /** Names of its models, as far as they can be read; undefined if the definition cannot be loaded. */
  readonly models: readonly string[] | undefined;

  constructor(
    message: string,
    {
      workload,
      models,
      cause,
    }: { workload: string; models?: readonly string[] | undefined; cause?: unknown },
  ) {
    super(message, cause === undefined ? {} : { cause });
    this.name = "BrokenWorkload";
    this.workload = workload;
    this.models = models;
  }
}
