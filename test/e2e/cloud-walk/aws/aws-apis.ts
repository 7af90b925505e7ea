import { randomBytes } from "node:crypto";
import { bodyOf, sendJson, type Site } from "../network/front.ts";
import { textOf, type Account } from "../account/account.ts";
import { NODES, type Principal } from "./ecr-registry.ts";
import type { SecurityTokens } from "./security-tokens.ts";

/** A pod that takes requests from a load balancer. */
export interface Target {
  address: string;
  port: number;
}

/** APIs of AWS that pods call: passwords for the registry, values of secrets, targets of load balancers. Each asks the role's policies. */
export class AwsApis {
  readonly refused: string[] = [];
  /** Name of a secret → its value. Nobody has filled the others. */
  readonly secretValues = new Map<string, string>();
  /** ARN of a target group → its targets. */
  readonly targets = new Map<string, Target[]>();
  /** Password of the nodes, which the container runtime has. */
  readonly nodesPassword = randomBytes(24).toString("hex");
  readonly #passwords = new Map<string, Principal>([[this.nodesPassword, NODES]]);
  readonly #account: Account;
  readonly #tokens: SecurityTokens;

  constructor(account: Account, tokens: SecurityTokens) {
    this.#account = account;
    this.#tokens = tokens;
  }

  /** Returns a new password of the registry for a person or a role. */
  passwordFor(principal: Principal): string {
    const password = randomBytes(24).toString("hex");
    this.#passwords.set(password, principal);
    return password;
  }

  principalOf(password: string): Principal | undefined {
    return this.#passwords.get(password);
  }

  readonly ecr: Site = async (request, response) => {
    await bodyOf(request);
    const role = this.#tokens.roleOf(request.headers["x-amz-security-token"]);
    if (role === undefined || !this.#may(role, "ecr:GetAuthorizationToken", "*"))
      return sendJson(response, 400, { __type: "AccessDeniedException" });
    const may = (action: string, arn: string): boolean => this.#tokens.mayRole(role, action, arn);
    const authorizationToken = Buffer.from(`AWS:${this.passwordFor({ name: role, may })}`).toString("base64");
    const expiresAt = Date.now() / 1000 + 12 * 3600;
    sendJson(response, 200, { authorizationData: [{ authorizationToken, expiresAt }] });
  };

  readonly secretsManager: Site = async (request, response) => {
    const { SecretId } = JSON.parse(await bodyOf(request)) as { SecretId: string };
    const role = this.#tokens.roleOf(request.headers["x-amz-security-token"]) ?? "nobody";
    const secret = this.#account
      .ofType("aws:secretsmanager/secret:Secret")
      .find(({ outputs }) => outputs["name"] === SecretId || outputs["arn"] === SecretId);
    if (
      secret === undefined ||
      !this.#may(role, "secretsmanager:GetSecretValue", textOf(secret.outputs, "arn"))
    )
      return sendJson(response, 400, { __type: "AccessDeniedException", message: `no right to ${SecretId}` });
    const value = this.secretValues.get(textOf(secret.outputs, "name"));
    if (value === undefined)
      return sendJson(response, 400, {
        __type: "ResourceNotFoundException",
        message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
      });
    sendJson(response, 200, { SecretString: value });
  };

  /** The action RegisterTargets alone, which replaces the targets here. */
  readonly loadBalancing: Site = async (request, response) => {
    const form = new URLSearchParams(await bodyOf(request));
    const role = this.#tokens.roleOf(request.headers["x-amz-security-token"]) ?? "nobody";
    const arn = form.get("TargetGroupArn") ?? "";
    if (!this.#may(role, "elasticloadbalancing:RegisterTargets", arn))
      return void response.writeHead(403).end("<ErrorResponse/>");
    const targets: Target[] = [];
    for (let index = 1; form.has(`Targets.member.${index}.Id`); index++)
      targets.push({
        address: form.get(`Targets.member.${index}.Id`) ?? "",
        port: Number(form.get(`Targets.member.${index}.Port`)),
      });
    this.targets.set(arn, targets);
    response.writeHead(200, { "content-type": "text/xml" }).end("<RegisterTargetsResponse/>");
  };

  #may(role: string, action: string, resource: string): boolean {
    const allowed = this.#tokens.mayRole(role, action, resource);
    if (!allowed) this.refused.push(`${role}: ${action} on ${resource}`);
    return allowed;
  }
}
