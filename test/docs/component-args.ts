import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";

const ROOT = resolve(import.meta.dirname, "../..");

export interface Argument {
  name: string;
  optional: boolean;
  /** As it is written. */
  type: string;
  /** Its doc comment without tags. */
  about: string;
  /** Text of its `@default`; undefined where there is none. */
  defaultText: string | undefined;
  /** Name of the interface that declares it, where the component's own extends that. */
  inheritedFrom: string | undefined;
}

export interface Component {
  name: string;
  /** From the root of the repository. */
  file: string;
  /** Empty where its constructor takes no arguments of its own. */
  args: Argument[];
}

interface Declared {
  node: ts.InterfaceDeclaration;
  parents: Parent[];
}

/** An interface that another extends, whole or, by `Omit`, without some of its properties. */
interface Parent {
  name: string;
  without: string[];
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sourceFiles(path) : path.endsWith(".ts") ? [path] : [];
  });
}

/** Every component class of `components/`, with the properties of its `Args` interface, read by the TypeScript parser. */
export function readComponents(): Component[] {
  const sources = sourceFiles("components").map((file) => ({
    file,
    source: ts.createSourceFile(file, readFileSync(join(ROOT, file), "utf8"), ts.ScriptTarget.ES2023, true),
  }));
  const interfaces = new Map<string, Declared>();
  for (const { source } of sources)
    for (const node of source.statements)
      if (ts.isInterfaceDeclaration(node)) interfaces.set(node.name.text, { node, parents: parentsOf(node) });
  return sources.flatMap(({ file, source }) =>
    source.statements.filter(ts.isClassDeclaration).flatMap((node): Component[] => {
      const bases = (node.heritageClauses ?? []).flatMap(({ types }) => types.map((type) => type.getText()));
      if (!bases.includes("pulumi.ComponentResource")) return [];
      const constructor = node.members.find(ts.isConstructorDeclaration);
      const type = constructor?.parameters[1]?.type?.getText() ?? "";
      return [{ name: node.name?.text ?? "", file, args: argumentsOf(type, interfaces) }];
    }),
  );
}

function parentsOf({
  heritageClauses = [] as unknown as ts.NodeArray<ts.HeritageClause>,
}: ts.InterfaceDeclaration): Parent[] {
  return heritageClauses.flatMap(({ types }) =>
    types.map(({ expression, typeArguments }) => {
      const name = expression.getText();
      if (name !== "Omit") return { name, without: [] };
      const [omitted, keys] = typeArguments ?? [];
      return {
        name: omitted?.getText() ?? "",
        without: [...(keys?.getText() ?? "").matchAll(/"(\w+)"/g)].map(([, key = ""]) => key),
      };
    }),
  );
}

function argumentsOf(
  type: string,
  interfaces: ReadonlyMap<string, Declared>,
  inheritedFrom?: string,
): Argument[] {
  const declared = interfaces.get(type);
  if (declared === undefined) return [];
  const own = declared.node.members.filter(ts.isPropertySignature).map((member) => ({
    name: member.name.getText(),
    optional: member.questionToken !== undefined,
    type: member.type?.getText() ?? "",
    about: aboutOf(member),
    defaultText: defaultOf(member),
    inheritedFrom,
  }));
  const inherited = declared.parents.flatMap(({ name, without }) =>
    argumentsOf(name, interfaces, name).filter((argument) => !without.includes(argument.name)),
  );
  const redeclared = new Set(own.map(({ name }) => name));
  return [...own, ...inherited.filter(({ name }) => !redeclared.has(name))];
}

function aboutOf(member: ts.Node): string {
  const comment = ts.getJSDocCommentsAndTags(member).find(ts.isJSDoc)?.comment;
  return (ts.getTextOfJSDocComment(comment) ?? "").replaceAll(/\s+/g, " ").trim();
}

function defaultOf(member: ts.Node): string | undefined {
  const tag = ts.getJSDocTags(member).find(({ tagName }) => tagName.text === "default");
  return tag === undefined
    ? undefined
    : (ts.getTextOfJSDocComment(tag.comment) ?? "").replaceAll(/\s+/g, " ");
}
