import { isMap, isNode, visit, type Document } from "yaml";
import { didYouMean } from "../../runtime/contract/issues/did-you-mean.ts";
import { WrongRequest } from "../wrong-request.ts";
import { keysAt, refuseSharedPath, sharedText, stackDocument, writtenDocument } from "./stack-document.ts";

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
  const document = stackDocument(text, file);
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
  return { text: writtenDocument(document, text), before };
}

/** Refuses a service whose text is also that of another one: both would get the model. */
function refuseShared(document: Document, at: readonly string[], owner: string): void {
  const edit = { owner, change: "a pin" };
  refuseSharedPath(document, at, edit);
  const aliases = new Set<string>();
  visit(document, { Alias: (_key, { source }) => void aliases.add(source) });
  const model = document.getIn([...at, "model"], true);
  if (!isNode(model)) return;
  visit(model, {
    Alias: (_key, { source }) => {
      throw sharedText(edit, `alias *${source}`);
    },
    Value: (_key, { anchor = "" }) => {
      if (aliases.has(anchor)) throw sharedText(edit, `anchor &${anchor}, which others use`);
    },
  });
}

/** A reason was for the version before. */
function setAccept(document: Document, model: string[], accept: string | undefined): void {
  if (accept !== undefined) document.setIn([...model, "accept"], accept);
  else if (document.hasIn([...model, "accept"])) document.deleteIn([...model, "accept"]);
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
  return { text: writtenDocument(document, text), before };
}
