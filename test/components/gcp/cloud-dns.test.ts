import { expect, test } from "vitest";
import { CloudDns } from "../../../components/gcp/cloud-dns.ts";
import { find, list, record } from "../record.ts";

const build = () => record(() => new CloudDns("dns", { project: "acme-ml", zone: "ml.example.com" }));

test("a zone has a certificate for its name and the names directly below it", async () => {
  const { resources } = await build();
  expect(list(resources)).toEqual([
    "gcp:certificatemanager/certificate:Certificate dns-certificate",
    "gcp:certificatemanager/certificateMap:CertificateMap dns-certificates",
    "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry dns-apex",
    "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry dns-wildcard",
    "gcp:certificatemanager/dnsAuthorization:DnsAuthorization dns-authorization",
    "gcp:dns/managedZone:ManagedZone dns-zone",
    "gcp:dns/recordSet:RecordSet dns-authority",
    "gcp:dns/recordSet:RecordSet dns-proof",
    "slipway:dns:CloudDns dns",
  ]);
  expect(find(resources, "gcp:certificatemanager/certificate:Certificate", "dns-certificate")).toMatchObject({
    managed: {
      domains: ["ml.example.com", "*.ml.example.com"],
      dnsAuthorizations: ["dns-authorization-id"],
    },
  });
});

test("the zone is signed, and only Google may issue certificates for its names", async () => {
  const { resources } = await build();
  expect(find(resources, "gcp:dns/managedZone:ManagedZone", "dns-zone")).toMatchObject({
    dnsName: "ml.example.com.",
    visibility: "public",
    dnssecConfig: { state: "on" },
    cloudLoggingConfig: { enableLogging: true },
    forceDestroy: false,
  });
  expect(find(resources, "gcp:dns/recordSet:RecordSet", "dns-authority")).toMatchObject({
    name: "ml.example.com.",
    type: "CAA",
    rrdatas: ['0 issue "pki.goog"'],
  });
});

test("the zone has the validation record of the certificate", async () => {
  const { resources } = await build();
  expect(find(resources, "gcp:dns/recordSet:RecordSet", "dns-proof")).toMatchObject({
    managedZone: "dns-zone-auto",
    name: "_acme-challenge.ml.example.com.",
    type: "CNAME",
    rrdatas: ["x.authorize.goog."],
  });
});
