import { describe, expect, it } from "vitest";
import { decodeYaml } from "../../../../../local/engine/providers/kubernetes/decode-yaml.ts";

describe("kubernetes:yaml:decode", () => {
  it("returns the objects of all documents, and leaves out those without a kind", () => {
    const text =
      "# nothing\n---\napiVersion: v1\nkind: ConfigMap\n---\n---\n{ apiVersion: v1, kind: Secret }\n---\na: b\n";
    expect(decodeYaml({ text })).toEqual({
      result: [
        { apiVersion: "v1", kind: "ConfigMap" },
        { apiVersion: "v1", kind: "Secret" },
      ],
    });
    expect(decodeYaml({ text: "" })).toEqual({ result: [] });
  });

  it("reads booleans, dates and times as Go does", () => {
    const text = "apiVersion: v1\nkind: K\nspec: { a: yes, b: 2024-01-02, c: 12:30, d: 010, e: 1.5 }\n";
    expect(decodeYaml({ text })).toEqual({
      result: [{ apiVersion: "v1", kind: "K", spec: { a: true, b: "2024-01-02", c: "12:30", d: 8, e: 1.5 } }],
    });
  });

  it("says where a text is no YAML", () => {
    expect(() => decodeYaml({ text: "a: [1" })).toThrow(/kubernetes:yaml:decode: .*line 1/s);
    expect(() => decodeYaml({})).toThrow("text must be a string");
  });
});
