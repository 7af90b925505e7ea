import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  inDeclaredForm,
  withDataOnly,
  withDataPaths,
  withSecretData,
} from "../../../../../local/engine/providers/kubernetes/secret-data.ts";
import { compareInputs } from "../../../../../local/engine/providers/kubernetes/diff.ts";
import { Secret, UNKNOWN } from "../../../../../local/engine/values/property-value.ts";
import type { PropertyMap } from "../../../../../local/engine/values/property-value.ts";

const secret = (fields: PropertyMap): PropertyMap => ({ apiVersion: "v1", kind: "Secret", ...fields });
const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");

describe("the data of a Secret", () => {
  it("is the same however it was written", () => {
    const texts = fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: "grapheme" }));
    fc.assert(
      fc.property(texts, (stringData) => {
        const data = Object.fromEntries(Object.entries(stringData).map(([key, text]) => [key, base64(text)]));
        const written = [secret({ stringData }), secret({ data })].map(withDataOnly);
        expect(compareInputs(written[0] as PropertyMap, written[1] as PropertyMap)).toEqual([]);
        expect(withDataOnly(withDataOnly(secret({ stringData })))).toEqual(secret({ data }));
      }),
    );
  });

  it("takes the text where a key stands in both", () => {
    const both = secret({ data: { a: base64("old"), b: "eA==" }, stringData: { a: "new" } });
    expect(withDataOnly(both)).toEqual(secret({ data: { a: base64("new"), b: "eA==" } }));
  });

  it("stays unknown where it is not known yet", () => {
    expect(withDataOnly(secret({ stringData: UNKNOWN }))).toEqual(secret({ data: UNKNOWN }));
    expect(withDataOnly(secret({ stringData: { a: UNKNOWN } }))).toEqual(secret({ data: { a: UNKNOWN } }));
    expect(withDataOnly(secret({ data: UNKNOWN, stringData: { a: "x" } }))).toEqual(
      secret({ data: UNKNOWN }),
    );
  });

  it.each<[string, PropertyMap]>([
    ["another kind", { apiVersion: "v1", kind: "ConfigMap", data: { a: "x\n" }, stringData: { a: "b" } }],
    ["a Secret of another group", { apiVersion: "acme.example/v1", kind: "Secret", stringData: { a: "b" } }],
    ["values that are not text", secret({ stringData: { a: 5 } })],
    ["a Secret without data", secret({ type: "Opaque" })],
  ])("is left alone in %s", (_what, inputs) => {
    expect(withDataOnly(inputs)).toBe(inputs);
  });

  it("stays in the form in which it was declared when it is read back", () => {
    const read = secret({ data: { a: base64("now"), b: "eA==" } });
    expect(inDeclaredForm(read, secret({ data: { a: "", b: "" } }))).toBe(read);
    expect(inDeclaredForm(read, secret({ stringData: { a: "then", gone: "x" }, data: { b: "" } }))).toEqual(
      secret({ stringData: { a: "now" }, data: { b: "eA==" } }),
    );
    const text = secret({ data: { a: base64("then") } });
    expect(inDeclaredForm(text, secret({ stringData: { a: "then" } }))).toEqual(
      secret({ stringData: { a: "then" } }),
    );
  });

  it("is sealed once", () => {
    const sealed = secret({ data: new Secret({ a: "x" }) });
    expect(withSecretData(secret({ data: { a: "x" } }))).toEqual(sealed);
    expect(withSecretData(sealed)).toEqual(sealed);
    const open = { apiVersion: "v1", kind: "ConfigMap", data: { a: "x" } };
    expect(withSecretData(open)).toBe(open);
  });

  it("is ignored where the program ignores its text", () => {
    const ignored = ["stringData.a", "metadata.labels"];
    expect(withDataPaths("Secret", ignored)).toEqual(["stringData.a", "data.a", "metadata.labels"]);
    expect(withDataPaths("ConfigMap", ignored)).toEqual(ignored);
  });
});
