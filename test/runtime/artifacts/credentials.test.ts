import { describe, expect, it } from "vitest";
import { parseChallenge } from "../../../runtime/artifacts/authorizer.ts";
import { credentialsFor, loadCredentials } from "../../../runtime/artifacts/credentials.ts";

const auth = Buffer.from("slipway:p:w").toString("base64");
const find = (config: unknown, host = "10.88.0.1:5000"): unknown =>
  credentialsFor(JSON.stringify(config), host, "/run/docker/config.json");

describe("credentials from a Docker config.json", () => {
  it.each([["10.88.0.1:5000"], ["http://10.88.0.1:5000"], ["https://10.88.0.1:5000/v1/"]])(
    "are found under the key %s, with a colon in the password",
    (key) => {
      expect(find({ auths: { [key]: { auth } } })).toEqual({ username: "slipway", password: "p:w" });
    },
  );

  it("may be plain", () => {
    expect(find({ auths: { "10.88.0.1:5000": { username: "a", password: "b" } } })).toEqual({
      username: "a",
      password: "b",
    });
  });

  it("are not those of another host or port", () => {
    expect(find({ auths: { "10.88.0.1:5001": { auth }, "10.88.0.1": { auth } } })).toBeUndefined();
  });

  it("need no file", async () => {
    expect(await loadCredentials("/nonexistent", "host")).toBeUndefined();
    expect(await loadCredentials(undefined, "host")).toBeUndefined();
  });

  it("in a helper are refused with the fix", () => {
    expect(() => find({ credHelpers: { "10.88.0.1:5000": "ecr-login" } })).toThrow(/write an auths entry/);
  });

  it("that do not parse are refused without being printed", () => {
    expect(() => credentialsFor(`{"auths": secret`, "host", "/c.json")).toThrow(/^\/c.json: must be JSON/);
    expect(() => find({ auths: { host: { auth: 5 } } })).toThrow(
      /must have the form of a Docker config.json/,
    );
  });
});

describe("a challenge", () => {
  it("is split into scheme and parameters, quoted or not", () => {
    expect(
      parseChallenge('Bearer realm="https://a/t?x=1,2",service=reg,scope="repository:a:pull,push"'),
    ).toEqual({
      scheme: "bearer",
      params: { realm: "https://a/t?x=1,2", service: "reg", scope: "repository:a:pull,push" },
    });
    expect(parseChallenge("")).toEqual({ scheme: "", params: {} });
  });
});
