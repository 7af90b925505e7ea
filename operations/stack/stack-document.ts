import { isAlias, isMap, isNode, parseDocument, visit, type Document } from "yaml";
import { WrongRequest } from "../wrong-request.ts";

/** Parses the text of a stack's file, to edit it and to keep its comments. Throws where it is no YAML. */
export function stackDocument(text: string, file: string): Document {
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault !== undefined) throw new Error(`${file}: ${fault.message}`);
  return document;
}

/** Returns the keys of the map at a path; none if there is no map. */
export function keysAt(document: Document, path: readonly string[]): string[] {
  const map = document.getIn(path);
  return isMap(map) ? map.items.map(({ key }) => String(key)) : [];
}

/** Throws a WrongRequest if a node on the way to `at` is also the text of another one by a YAML anchor: both would be changed. */
export function refuseSharedPath(
  document: Document,
  at: readonly string[],
  { owner, change }: { owner: string; /** Such as `a pin`. */ change: string },
): void {
  const aliases = new Set<string>();
  visit(document, { Alias: (_key, { source }) => void aliases.add(source) });
  for (let depth = 1; depth <= at.length; depth++) {
    const node = document.getIn(at.slice(0, depth), true);
    if (isAlias(node)) throw sharedText({ owner, change }, `alias *${node.source}`);
    if (isNode(node) && !isAlias(node) && node.anchor !== undefined && aliases.has(node.anchor))
      throw sharedText({ owner, change }, `anchor &${node.anchor}, which others use`);
  }
}

/** The refusal of a text that several parts of a stack's file have by a YAML anchor. */
export function sharedText({ owner, change }: { owner: string; change: string }, sign: string): WrongRequest {
  return new WrongRequest(
    `${owner}: must have text of its own, got the YAML ${sign}, so that ${change} would change others too; write its keys out`,
  );
}

/** Returns the text of an edited document, with the line ends of the original. */
export function writtenDocument(document: Document, original: string): string {
  const text = document.toString({ lineWidth: 0 });
  return original.includes("\r\n") ? text.replaceAll(/\r?\n/g, "\r\n") : text;
}
