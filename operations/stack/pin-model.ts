import { isMap, parseDocument, type Document } from "yaml";

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
  /** What was served before: a digest, `follow: champion`, or nothing. */
  before: string;
}

/**
 * Pins the model of a service, or of its canary, in the text of a Pulumi.<stack>.yaml. Throws where the file has no such
 * service, or the service no canary that is told by its model.
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
  const services = ["config", "slipway:environments", environment, "services"];
  const at = [...services, service];
  if (!isMap(document.getIn(at))) {
    const known = document.getIn(services);
    const names = isMap(known) ? known.items.map(({ key }) => String(key)).join(", ") : "none";
    throw new Error(`${file}: ${environment} has no service ${service}; its services: ${names}`);
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

function pinCanary(document: Document, model: string[], digest: string, owner: string): Pinned {
  const before = document.getIn([...model, "digest"]);
  if (typeof before !== "string")
    throw new Error(
      `${owner}: target.canary must have a model with a digest, got none; add target.canary: { model: { digest }, percent } first`,
    );
  document.setIn([...model, "digest"], digest);
  return { text: document.toString({ lineWidth: 0 }), before };
}
