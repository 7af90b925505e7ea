import { WrongRequest } from "./wrong-request.ts";

/** The foundation of a stack has no kubeconfig in its outputs. */
export class NoKubeconfig extends WrongRequest {
  readonly reason: string;
  readonly fix: string;

  /**
   * @param foundation - stack of the foundation
   * @param connect - command that adds the cluster to the user's kubeconfig
   */
  constructor(foundation: string, connect: string) {
    const reason = `stack ${foundation} has no kubeconfig: it is not deployed, or its state is elsewhere`;
    const fix = `deploy it first (pulumi up --stack ${foundation}), or add the cluster to your kubeconfig (${connect}) and name the context with --context`;
    super(`${reason}; ${fix}`);
    this.name = "NoKubeconfig";
    this.reason = reason;
    this.fix = fix;
  }
}
