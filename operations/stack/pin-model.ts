import { isMap, parseDocument, type Document } from "yaml";
import { didYouMean } from "../../stacks/config/did-you-mean.ts";
import { WrongRequest } from "../wrong-request.ts";

export interface Pin {
  environment: string;
  service: string;
  /** `sha256:…` */
  digest: string;
  /** Whether it is the service's canary that is named, not its own model. @default false */
  canary?: boolean;
}

export interface Pinned {
  /** The file's new text; comments and order stay. */
  text: string;
  /** Model of the service before: a digest, `follow: champion`, or nothing. */
  before: string;
}

/**
 * Pins the model of a service, or of its canary, in the text of a Pulumi.<stack>.yaml. Throws a WrongRequest where the file has
 * no such environment or service, or the service has no canary with a model.
 * @param file - its name, for messages
 */
export function pinModel(
  text: string,
  { environment, service, digest, canary = false }: Pin,
  file: string,
): Pinned {
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault !== undefined) throw new Error(`${file}: ${fault.message}`);
  const environments = ["config", "slipway:environments"];
  const services = [...environments, environment, "services"];
  const at = [...services, service];
  if (!isMap(document.getIn([...environments, environment]))) {
    const known = keysAt(document, environments);
    throw new WrongRequest(
      `${file}: there is no environment ${environment}${didYouMean(environment, known)} (environments: ${known.join(", ") || "none"})`,
    );
  }
  if (!isMap(document.getIn(at))) {
    const known = keysAt(document, services);
    throw new WrongRequest(
      `${file}: ${environment} has no service ${service}${didYouMean(service, known)} (services: ${known.join(", ") || "none"})`,
    );
  }
  if (canary) return pinCanary(document, [...at, "target", "canary", "model"], digest, `${file}: ${service}`);
  const model = document.getIn([...at, "model"]);
  const [old, tag] = isMap(model) ? [model.get("digest"), model.get("follow")] : [];
  const before = typeof old === "string" ? old : typeof tag === "string" ? `follow: ${tag}` : "nothing";
  if (isMap(model)) {
    document.deleteIn([...at, "model", "follow"]); // a service follows a tag or is pinned, never both
    document.setIn([...at, "model", "digest"], digest);
  } else document.setIn([...at, "model"], document.createNode({ digest }));
  return { text: document.toString({ lineWidth: 0 }), before };
}

function keysAt(document: Document, path: readonly string[]): string[] {
  const map = document.getIn(path);
  return isMap(map) ? map.items.map(({ key }) => String(key)) : [];
}

function pinCanary(document: Document, model: string[], digest: string, owner: string): Pinned {
  const before = document.getIn([...model, "digest"]);
  if (typeof before !== "string")
    throw new WrongRequest(
      `${owner}: target.canary must have a model with a digest, got none; add target.canary: { model: { digest }, percent } first`,
    );
  document.setIn([...model, "digest"], digest);
  return { text: document.toString({ lineWidth: 0 }), before };
}
