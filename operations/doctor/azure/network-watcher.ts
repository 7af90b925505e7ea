import { z } from "zod";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import type { Finding } from "../finding.ts";
import { plannedOf, type PlannedResource } from "../planned-resource.ts";

const watchersSchema = z.array(z.looseObject({ name: z.string(), location: z.string() }));
/** With this feature, a subscription has opted out of watchers that Azure creates. */
const OPT_OUT = ["--namespace", "Microsoft.Network", "--name", "DisableNetworkWatcherAutocreation"];

/**
 * Says whether the Network Watcher of the location, which flow logs belong to, is there or will be.
 * @see https://learn.microsoft.com/azure/network-watcher/network-watcher-create
 */
export async function networkWatcher(
  cli: CloudCli,
  location: string,
  planned: readonly PlannedResource[],
): Promise<Finding[]> {
  const schema = z.looseObject({ networkWatcherName: z.string() });
  const [flowLog] = plannedOf(planned, "azure-native:network:FlowLog", schema);
  if (flowLog === undefined) return [];
  const { networkWatcherName } = flowLog.inputs;
  const subject = `Network Watcher of ${location}`;
  const needed = `${networkWatcherName}, for flow logs`;
  const fix = `az network watcher configure --locations ${location} --enabled true --resource-group NetworkWatcherRG`;
  const { value, reason } = await ask(cli, ["network", "watcher", "list"], watchersSchema);
  if (value === undefined) return [unknown(subject, reason, needed)];
  const there = value.filter((watcher) => watcher.location === location).map(({ name }) => name);
  if (there.some((name) => name.toLowerCase() === networkWatcherName.toLowerCase()))
    return [{ subject, state: "ok", found: "there", needed }];
  const [other] = there;
  if (other !== undefined)
    return [
      {
        subject,
        state: "wrong",
        found: `has another name: ${other}`,
        needed,
        fix: `delete it where nothing uses it (a location has one alone), then ${fix}`,
      },
    ];
  const optOut = await ask(
    cli,
    ["feature", "show", ...OPT_OUT],
    z.looseObject({ properties: z.looseObject({ state: z.string() }) }),
  );
  if (optOut.value === undefined) return [{ ...unknown(subject, optOut.reason, needed), fix }];
  return [
    optOut.value.properties.state === "Registered"
      ? { subject, state: "wrong", found: "none, and the subscription creates none by itself", needed, fix }
      : { subject, state: "ok", found: "none yet: Azure creates it with the first network", needed },
  ];
}
