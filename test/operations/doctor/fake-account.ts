import type { CloudCli } from "../../../operations/doctor/cloud-cli.ts";
import type { Check, Finding } from "../../../operations/doctor/finding.ts";
import type { PlannedResource } from "../../../operations/doctor/planned-resource.ts";
import type { ProvisionedDemand } from "../../../operations/doctor/provisioned-demand.ts";
import { fakeCloudCli } from "./fake-cloud-cli.ts";
import { ofStack, type Planned } from "./planned.ts";

/** What the checks of every cloud compare with the account. */
interface StackNeeds {
  planned: readonly PlannedResource[];
  provisioned: readonly ProvisionedDemand[];
  today: Date;
}

/** What a test may change of the stack. */
interface StackOptions {
  /** @default - those of the account */
  planned?: readonly Planned[];
  /** @default none */
  provisioned?: readonly ProvisionedDemand[];
  /** @default false */
  deployed?: boolean;
  /** @default "2026-11-30" */
  today?: string;
}

/** Findings by the title of their check. */
export type Findings = Record<string, Finding[]>;

/** Returns a function that runs the checks against an account with these answers; its `more` replaces answers. */
export function fakeAccount(
  account: { answers: Readonly<Record<string, unknown>>; planned: readonly Planned[] },
  checksOf: (cli: CloudCli, needs: StackNeeds) => Check[],
): (more?: Readonly<Record<string, unknown>>, options?: StackOptions) => Promise<Findings> {
  return async (more = {}, options = {}) => {
    const { planned = account.planned, provisioned = [], deployed = false, today = "2026-11-30" } = options;
    const checks = checksOf(fakeCloudCli({ ...account.answers, ...more }), {
      planned: ofStack(planned, { deployed }),
      provisioned,
      today: new Date(today),
    });
    const found: Findings = {};
    for (const { title, run } of checks) found[title] = await run();
    return found;
  };
}
