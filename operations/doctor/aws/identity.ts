import { z } from "zod";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import type { Finding } from "../finding.ts";

/** Actions that stand for the services of which a first `up` makes something. */
const ACTIONS = [
  "ec2:CreateVpc",
  "ec2:CreateNatGateway",
  "ec2:CreateLaunchTemplate",
  "eks:CreateCluster",
  "eks:CreateNodegroup",
  "iam:CreateRole",
  "iam:PassRole",
  "iam:CreateOpenIDConnectProvider",
  "kms:CreateKey",
  "ecr:CreateRepository",
  "s3:CreateBucket",
  "logs:CreateLogGroup",
  "elasticache:CreateReplicationGroup",
  "secretsmanager:CreateSecret",
  "budgets:ModifyBudget",
];

const callerSchema = z.looseObject({ Account: z.string(), Arn: z.string() });
const simulationSchema = z.looseObject({
  EvaluationResults: z.array(z.looseObject({ EvalActionName: z.string(), EvalDecision: z.string() })),
});

/** Says who asks, whether the account is the stack's, and whether the rights of a first `up` are there. */
export async function awsIdentity(cli: CloudCli, account: string): Promise<Finding[]> {
  const subject = "account that is logged in";
  const caller = await ask(cli, ["sts", "get-caller-identity"], callerSchema);
  if (caller.value === undefined)
    return [
      {
        subject,
        state: "wrong",
        found: caller.reason,
        needed: account,
        fix: "aws sso login, or set AWS_PROFILE",
      },
    ];
  const { Account, Arn } = caller.value;
  if (Account !== account)
    return [
      {
        subject,
        state: "wrong",
        found: `${Account} (${Arn})`,
        needed: account,
        fix: `set AWS_PROFILE to a profile of account ${account}`,
      },
    ];
  return [{ subject, state: "ok", found: `${Account} (${Arn})`, needed: account }, await rights(cli, Arn)];
}

async function rights(cli: CloudCli, arn: string): Promise<Finding> {
  const subject = "rights of a first up";
  const needed = `${ACTIONS.length} actions that stand for what the stack makes`;
  const principal = await principalArn(cli, arn);
  const answer = await ask(
    cli,
    ["iam", "simulate-principal-policy", "--policy-source-arn", principal, "--action-names", ...ACTIONS],
    simulationSchema,
  );
  if (answer.value === undefined) return unknown(subject, answer.reason, needed);
  const denied = answer.value.EvaluationResults.filter(({ EvalDecision }) => EvalDecision !== "allowed");
  if (denied.length === 0) return { subject, state: "ok", found: "all are allowed", needed };
  const names = denied.map(({ EvalActionName }) => EvalActionName).join(", ");
  return {
    subject,
    state: "wrong",
    found: `not allowed: ${names}`,
    needed,
    fix: `let ${principal} do them (docs/aws.md)`,
  };
}

/**
 * Returns the ARN by which IAM knows the caller. That of an assumed role lacks the path of the role, and the roles of IAM
 * Identity Center (`aws sso login`) have one: without it, IAM knows no such role.
 */
async function principalArn(cli: CloudCli, caller: string): Promise<string> {
  const [, partition, account, role] = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(caller) ?? [];
  if (partition === undefined || account === undefined || role === undefined) return caller;
  const schema = z.looseObject({ Role: z.looseObject({ Arn: z.string() }) });
  const { value } = await ask(cli, ["iam", "get-role", "--role-name", role], schema);
  return value?.Role.Arn ?? `arn:${partition}:iam::${account}:role/${role}`;
}
