import { expect, test } from "vitest";
import { readComponents } from "./component-args.ts";
import { readPages } from "./component-pages.ts";

const components = readComponents();
const pages = readPages();
const name = (of: { name: string }): string => of.name;

/** The words of a default: code quotes texts and begins descriptions with a dash, pages write identifiers in backticks. */
function plain(text: string): string {
  return text
    .replaceAll(/[`"\\]/g, "")
    .replace(/^- /, "")
    .trim();
}

/** The type of an argument without what wraps it. */
function plainType(type: string): string {
  return type.replace(/^pulumi\.Input<(.+)>$/, "$1").replace(/^readonly /, "");
}

test("the parser reads the arguments of a component, inherited ones included", () => {
  const found = components.find((component) => component.name === "AksNodePool")?.args ?? [];
  expect(found.find((argument) => argument.name === "poolName")).toMatchObject({
    optional: false,
    inheritedFrom: "AksPoolHome",
    type: "string",
  });
  expect(found.find((argument) => argument.name === "machine")).toMatchObject({
    optional: true,
    defaultText: "Standard_D8ds_v5",
  });
  const group = components.find((component) => component.name === "AzureResourceGroup")?.args.map(name);
  expect(group).toContain("prefix");
  expect(group).not.toContain("resourceGroupName"); // left out by Omit
});

test("every component has one page, and every page is about components", () => {
  expect(pages.map(({ component }) => component).sort()).toEqual(components.map(name).sort());
});

test.each(components)("the page of $name has every argument and no other", ({ name: component, args }) => {
  const page = pages.find((candidate) => candidate.component === component);
  const rows = page?.rows.map(name) ?? [];
  expect([...new Set(rows)], "an argument has one row").toEqual(rows);
  // A sentence under the table is enough for the place, which nearly every component of Azure takes.
  const mentioned = args.filter(
    (argument) =>
      argument.inheritedFrom === "AzurePlace" && page?.section.includes(`\`${argument.name}\``) === true,
  );
  expect([...new Set([...rows, ...mentioned.map(name)])].sort()).toEqual(args.map(name).sort());
});

test.each(components)(
  "the page of $name has the defaults and types of the code",
  ({ name: component, args }) => {
    const rows = pages.find((candidate) => candidate.component === component)?.rows ?? [];
    for (const argument of args) {
      const row = rows.find((candidate) => candidate.name === argument.name);
      if (argument.optional) expect(argument.defaultText, `@default of ${argument.name}`).toBeDefined();
      if (row === undefined) continue;
      const wanted = argument.optional ? plain(argument.defaultText ?? "") : "required";
      expect(plain(row.defaultText), argument.name).toBe(wanted);
      // Pages may describe a type; where they name one, it is the argument's.
      if (/^[A-Z]\w+(\[\])?$/.test(row.type))
        expect(row.type, argument.name).toBe(plainType(argument.type).replace(/^\w+\./, ""));
    }
  },
);
