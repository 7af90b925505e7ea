import { isMap } from "yaml";
import { keysAt, refuseSharedPath, stackDocument, writtenDocument } from "../stack/stack-document.ts";

export interface NewService {
  workload: string;
  model: string;
}

export interface AddedService {
  /** The file's new text; comments and order stay. The old text where nothing was added. */
  text: string;
  /** `ENVIRONMENT/SERVICE` of what was added. */
  added: string[];
  /** Sentences on what was not added. */
  notes: string[];
}

/** Environment → the tag that its services follow. */
const FOLLOWS = { staging: "challenger", production: "champion" } as const;
/** Settings that a service takes from its neighbours: how many pods there are is decided by the machine. */
const SHARED_SETTINGS = ["replicas", "cpuLimitMillis", "drainSeconds"];

/**
 * Adds a service for a model to the environments `staging` and `production` of a Pulumi.<stack>.yaml. The service has the model's name, or
 * `<workload>-<model>` where that one is taken.
 *
 * @param file - its name, for messages
 */
export function addService(text: string, { workload, model }: NewService, file: string): AddedService {
  const document = stackDocument(text, file);
  const environments = ["config", "slipway:environments"];
  const names = Object.keys(FOLLOWS).filter((name) => isMap(document.getIn([...environments, name])));
  const taken = names.flatMap((name) => keysAt(document, [...environments, name, "services"]));
  const service = taken.includes(model) ? `${workload}-${model}` : model;
  const added: string[] = [];
  const notes: string[] = [];
  for (const [environment, follow] of Object.entries(FOLLOWS)) {
    if (!names.includes(environment)) {
      notes.push(`${file} has no environment ${environment}`);
      continue;
    }
    const services = [...environments, environment, "services"];
    const at = [...services, service];
    if (isMap(document.getIn(at))) {
      notes.push(`${file}: ${environment} has a service ${service} already, which stays as it is`);
      continue;
    }
    refuseSharedPath(document, services, { owner: `${file}: ${environment}`, change: "a new service" });
    document.setIn(
      at,
      document.createNode({
        workload,
        ...(service === model ? {} : { modelName: model }),
        model: { follow },
        ...sharedSettings(document.toJS(), services),
      }),
    );
    added.push(`${environment}/${service}`);
  }
  return { text: added.length === 0 ? text : writtenDocument(document, text), added, notes };
}

/** Returns the settings that all services of an environment have, with the same value. */
function sharedSettings(config: unknown, path: readonly string[]): Record<string, unknown> {
  let services: unknown = config;
  for (const key of path) services = isRecord(services) ? services[key] : undefined;
  const all = isRecord(services) ? Object.values(services).filter(isRecord) : [];
  const [first] = all;
  if (first === undefined) return {};
  return Object.fromEntries(
    SHARED_SETTINGS.filter((key) => key in first && all.every((each) => each[key] === first[key])).map(
      (key) => [key, first[key]],
    ),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
