import { isAlias, isMap, isNode, parseDocument, visit, type Document } from "yaml";
import { didYouMean } from "../../runtime/contract/issues/did-you-mean.ts";
import { WrongRequest } from "../wrong-request.ts";

export interface Pin {
  environment: string;
  service: string;
  /** `sha256:…` */
  digest: string;
  /** Whether it is the service's canary that is named, not its own model. @default false */
  canary?: boolean;
  /** Why it may be served although its gate refuses it. @default - it may not, whatever was accepted before */
  accept?: string | undefined;
}

export interface Pinned {
  /** The file's new text; comments and order stay. */
  text: string;
  /** Model of the service before: a digest, `follow: champion`, or nothing. */
  before: string;
}

/**
 * Pins the model of a service, or of its canary, in the text of a Pulumi.<stack>.yaml. Throws a WrongRequest where the file has
 * no such environment or service, or the service has no canary with a model, or shares its text with another by a YAML anchor.
 * @param file - its name, for messages
 */
export function pinModel(
  text: string,
  { environment, service, digest, canary = false, accept }: Pin,
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
  refuseShared(document, at, `${file}: ${environment}/${service}`);
  if (!isMap(document.getIn(at))) {
    const known = keysAt(document, services);
    throw new WrongRequest(
      `${file}: ${environment} has no service ${service}${didYouMean(service, known)} (services: ${known.join(", ") || "none"})`,
    );
  }
  if (canary)
    return pinCanary(
      { document, text },
      [...at, "target", "canary", "model"],
      { digest, accept },
      `${file}: ${service}`,
    );
  const model = document.getIn([...at, "model"]);
  const [old, tag] = isMap(model) ? [model.get("digest"), model.get("follow")] : [];
  const before = typeof old === "string" ? old : typeof tag === "string" ? `follow: ${tag}` : "nothing";
  if (isMap(model)) {
    document.deleteIn([...at, "model", "follow"]); // a service follows a tag or is pinned, never both
    document.setIn([...at, "model", "digest"], digest);
    setAccept(document, [...at, "model"], accept);
  } else
    document.setIn(
      [...at, "model"],
      document.createNode(accept === undefined ? { digest } : { digest, accept }),
    );
  return { text: written(document, text), before };
}

/** Refuses a service whose text is also that of another one: both would get the model. */
function refuseShared(document: Document, at: readonly string[], owner: string): void {
  const refuse = (sign: string): never => {
    throw new WrongRequest(
      `${owner}: must have text of its own, got the YAML ${sign}, so that a pin would change others too; write its keys out`,
    );
  };
  const aliases = new Set<string>();
  visit(document, { Alias: (_key, { source }) => void aliases.add(source) });
  for (let depth = 1; depth <= at.length; depth++) {
    const node = document.getIn(at.slice(0, depth), true);
    if (isAlias(node)) refuse(`alias *${node.source}`);
    if (isNode(node) && !isAlias(node) && node.anchor !== undefined && aliases.has(node.anchor))
      refuse(`anchor &${node.anchor}, which others use`);
  }
  const model = document.getIn([...at, "model"], true);
  if (!isNode(model)) return;
  visit(model, {
    Alias: (_key, { source }) => refuse(`alias *${source}`),
    Value: (_key, { anchor = "" }) => {
      if (aliases.has(anchor)) refuse(`anchor &${anchor}, which others use`);
    },
  });
}

function keysAt(document: Document, path: readonly string[]): string[] {
  const map = document.getIn(path);
  return isMap(map) ? map.items.map(({ key }) => String(key)) : [];
}

/** A reason was for the version before. */
function setAccept(document: Document, model: string[], accept: string | undefined): void {
  if (accept !== undefined) document.setIn([...model, "accept"], accept);
  else if (document.hasIn([...model, "accept"])) document.deleteIn([...model, "accept"]);
}

/** Returns the text of an edited document, with the line ends of the original. */
function written(document: Document, original: string): string {
  const text = document.toString({ lineWidth: 0 });
  return original.includes("\r\n") ? text.replaceAll(/\r?\n/g, "\r\n") : text;
}

function pinCanary(
  { document, text }: { document: Document; text: string },
  model: string[],
  { digest, accept }: Pick<Pin, "digest" | "accept">,
  owner: string,
): Pinned {
  const before = document.getIn([...model, "digest"]);
  if (typeof before !== "string")
    throw new WrongRequest(
      `${owner}: target.canary must have a model with a digest, got none; add target.canary: { model: { digest }, percent } first`,
    );
  document.setIn([...model, "digest"], digest);
  setAccept(document, model, accept);
  return { text: written(document, text), before };
}
