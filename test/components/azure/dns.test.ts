import { expect, test } from "vitest";
import { AzureDns } from "../../../components/azure/dns.ts";
import { place } from "./azure-stage.ts";
import { find, record } from "../record.ts";

test("creates a zone in which only Let's Encrypt may issue certificates", async () => {
  const { resources } = await record(() => new AzureDns("dns", { ...place, zone: "ml.example.com" }));
  expect(find(resources, "azure-native:dns:Zone", "dns-zone")).toMatchObject({
    zoneName: "ml.example.com",
    zoneType: "Public",
  });
  expect(find(resources, "azure-native:dns:RecordSet", "dns-authorities")).toMatchObject({
    recordType: "CAA",
    caaRecords: [{ flags: 0, tag: "issue", value: "letsencrypt.org" }],
  });
});

test("refuses a zone without certificate authorities", async () => {
  await expect(
    record(() => new AzureDns("dns", { ...place, zone: "ml.example.com", authorities: [] })),
  ).rejects.toThrow("dns: authorities must contain one or more");
});
