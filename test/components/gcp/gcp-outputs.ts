/** Number of the project in tests. */
export const PROJECT_NUMBER = "123456789012";

/** What Google Cloud would add to a resource: the name of what was given none, addresses, secrets. */
export function gcpOutputs(
  type: string,
  name: string,
  inputs: Record<string, unknown>,
): Record<string, unknown> {
  const named = { name: `${name}-auto`, ...inputs };
  switch (type) {
    case "gcp:projects/serviceIdentity:ServiceIdentity":
      // As Google does: not every service says the address of its agent.
      return inputs["service"] === "artifactregistry.googleapis.com"
        ? { ...inputs, email: `service-${PROJECT_NUMBER}@gcp-sa-artifactregistry.iam.gserviceaccount.com` }
        : inputs;
    case "gcp:serviceaccount/account:Account": {
      const id = (inputs["accountId"] as string | undefined) ?? `${name}-auto`;
      const email = `${id}@${String(inputs["project"])}.iam.gserviceaccount.com`;
      return { ...inputs, accountId: id, email, name: `projects/-/serviceAccounts/${email}` };
    }
    case "gcp:organizations/project:Project":
      return { ...inputs, billingAccount: "AAAAAA-BBBBBB-CCCCCC" };
    case "gcp:container/cluster:Cluster":
      return { ...named, endpoint: "10.0.0.2", masterAuth: { clusterCaCertificate: "Q0E=" } };
    case "gcp:redis/instance:Instance":
      return {
        ...named,
        host: "10.9.0.3",
        port: 6378,
        authString: "generated",
        serverCaCerts: [{ cert: "first" }, { cert: "second" }],
      };
    case "gcp:sql/databaseInstance:DatabaseInstance":
      return { ...named, privateIpAddress: "10.9.1.3", serverCaCerts: [{ cert: "first" }] };
    case "gcp:certificatemanager/dnsAuthorization:DnsAuthorization":
      return {
        ...named,
        dnsResourceRecords: [
          { name: "_acme-challenge.ml.example.com.", type: "CNAME", data: "x.authorize.goog." },
        ],
      };
    case "gcp:dns/managedZone:ManagedZone":
      return { ...named, nameServers: ["ns-cloud-a1.googledomains.com."] };
    default:
      return named;
  }
}
