import { unknown } from "../ask.ts";
import type { Finding } from "../finding.ts";
import { API_IS_OFF } from "./api-is-off.ts";

/** Returns a finding about something that `api` of the project did not answer, with the command that switches the API on where it is off. */
export function notAnswered(
  { subject, reason, needed }: { subject: string; reason: string; needed: string },
  { api, project }: { api: "compute" | "container"; project: string },
): Finding {
  const finding = unknown(subject, reason, needed);
  if (!API_IS_OFF.test(reason)) return finding;
  return {
    ...finding,
    fix: `gcloud services enable ${api}.googleapis.com --project ${project}, and ask again; up does it otherwise`,
  };
}
