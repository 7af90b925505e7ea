import { z } from "zod";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import type { Finding } from "../finding.ts";
import { plannedOf, type PlannedResource } from "../planned-resource.ts";
import { API_IS_OFF } from "./api-is-off.ts";
import { gcpBilling } from "./billing.ts";

/** The stack switches all others on by itself; these two it needs for that. */
const BY_HAND = ["cloudresourcemanager.googleapis.com", "serviceusage.googleapis.com"];
/** What gcloud says where a login has ended. `gcloud auth list` names the account even then. */
const LOGIN_IS_OVER = /auth tokens|reauth|invalid_grant|credentials/i;
/** Google answers the same for a project that does not exist and for one that the account may not see. */
const IS_NOT_THERE = /PERMISSION_DENIED|not have permission|may not exist|NOT_FOUND|not found/i;
const OWNERS = ["roles/owner", "roles/editor"];

/** Says who asks, whether the project is there, which APIs are on, and whether the rights and the billing account of a first `up` are there. */
export async function gcpProject(
  cli: CloudCli,
  project: string,
  planned: readonly PlannedResource[],
): Promise<Finding[]> {
  const login = await ask(
    cli,
    ["auth", "list", "--filter", "status:ACTIVE"],
    z.array(z.looseObject({ account: z.string() })),
  );
  const account = login.value?.[0]?.account;
  const subject = "account that is logged in";
  if (account === undefined)
    return [
      {
        subject,
        state: "wrong",
        found: login.reason ?? "none",
        needed: "one",
        fix: "gcloud auth login && gcloud auth application-default login",
      },
    ];
  const active = await isActive(cli, project, account);
  const first: Finding[] = [{ subject, state: "ok", found: account, needed: "one" }, active];
  if (active.state === "wrong") return first;
  return [
    ...first,
    ...(await apis(cli, project, planned)),
    await rights(cli, project, account),
    ...(await gcpBilling(cli, project, planned, account)),
  ];
}

/** Says whether the project is there. `unknown` where the API that tells is off: all else can still be asked. */
async function isActive(cli: CloudCli, project: string, account: string): Promise<Finding> {
  const subject = `project ${project}`;
  const answer = await ask(
    cli,
    ["projects", "describe", project],
    z.looseObject({ lifecycleState: z.string() }),
  );
  if (answer.value === undefined) {
    const wrong = (fix: string): Finding => ({
      subject,
      state: "wrong",
      found: answer.reason,
      needed: "active",
      fix,
    });
    if (LOGIN_IS_OVER.test(answer.reason))
      return wrong("gcloud auth login && gcloud auth application-default login");
    if (IS_NOT_THERE.test(answer.reason) && !API_IS_OFF.test(answer.reason))
      return wrong(
        `gcloud projects create ${project}, or set cluster.project to one that ${account} may see`,
      );
    return unknown(subject, answer.reason, "active");
  }
  const { lifecycleState } = answer.value;
  if (lifecycleState === "ACTIVE") return { subject, state: "ok", found: "active", needed: "active" };
  const fix = `gcloud projects undelete ${project}`;
  return { subject, state: "wrong", found: lifecycleState, needed: "active", fix };
}

async function apis(cli: CloudCli, project: string, planned: readonly PlannedResource[]): Promise<Finding[]> {
  const answer = await ask(
    cli,
    ["services", "list", "--enabled", "--project", project],
    z.array(z.looseObject({ config: z.looseObject({ name: z.string() }) })),
  );
  const subject = "APIs that have to be on before the first up";
  if (answer.value === undefined) return [unknown(subject, answer.reason, BY_HAND.join(", "))];
  const on = new Set(answer.value.map(({ config }) => config.name));
  const off = BY_HAND.filter((name) => !on.has(name));
  const made = plannedOf(planned, "gcp:projects/service:Service", z.looseObject({ service: z.string() }))
    .map(({ inputs }) => inputs.service)
    .filter((name) => !on.has(name) && !BY_HAND.includes(name));
  return [
    off.length === 0
      ? { subject, state: "ok", found: "on", needed: BY_HAND.join(", ") }
      : {
          subject,
          state: "wrong",
          found: `off: ${off.join(", ")}`,
          needed: BY_HAND.join(", "),
          fix: `gcloud services enable ${off.join(" ")} --project ${project}`,
        },
    {
      subject: "APIs that up switches on",
      state: "ok",
      found: made.length === 0 ? "all are on" : `${made.length} are off`,
      needed: "on; up does it",
    },
  ];
}

async function rights(cli: CloudCli, project: string, account: string): Promise<Finding> {
  const subject = "rights of a first up";
  const needed = "roles/owner (docs/gcp.md)";
  const answer = await ask(
    cli,
    ["projects", "get-iam-policy", project],
    z.looseObject({ bindings: z.array(z.looseObject({ role: z.string(), members: z.array(z.string()) })) }),
  );
  if (answer.value === undefined) return unknown(subject, answer.reason, needed);
  const roles = answer.value.bindings
    .filter(({ members }) => members.some((member) => member.endsWith(`:${account}`)))
    .map(({ role }) => role);
  if (roles.includes("roles/owner")) return { subject, state: "ok", found: "roles/owner", needed };
  if (roles.length === 0)
    return unknown(subject, `no role of ${account} itself; a group may give it some`, needed);
  const isEditor = roles.some((role) => OWNERS.includes(role));
  return {
    subject,
    state: isEditor ? "wrong" : "unknown",
    found: roles.join(", "),
    needed,
    fix: `gcloud projects add-iam-policy-binding ${project} --member user:${account} --role roles/owner`,
  };
}
