import { expect, test } from "vitest";
import { unreachableRegistries } from "../../../cli/mirror/unreachable-registries.ts";

test("asks each registry once, and takes an answer of any status for one", async () => {
  const asked: string[] = [];
  const fetchImpl = ((url: string) => {
    asked.push(url);
    if (!url.includes("silent")) return Promise.resolve(new Response("", { status: 401 }));
    const cause = Object.assign(new Error("getaddrinfo ENOTFOUND silent.example.com"), { code: "ENOTFOUND" });
    return Promise.reject(new TypeError("fetch failed", { cause }));
  }) as typeof fetch;
  const urls = ["https://quay.io", "https://silent.example.com", "https://quay.io"];
  expect(await unreachableRegistries(urls, fetchImpl)).toEqual(
    new Map([["https://silent.example.com", "silent.example.com cannot be reached (ENOTFOUND)"]]),
  );
  expect(asked).toEqual(["https://quay.io/v2/", "https://silent.example.com/v2/"]);
});

test("says how long it waited where nothing answers", async () => {
  const silent = (() => Promise.reject(new DOMException("timed out", "TimeoutError"))) as typeof fetch;
  expect([...(await unreachableRegistries(["https://quay.io"], silent)).values()]).toEqual([
    "quay.io cannot be reached (no answer within 10 s)",
  ]);
});
