/** Address ranges of the subnets in a virtual network. */
export interface AzureSubnets {
  /** For nodes: 16,384 addresses. Pods have addresses in an overlay network. */
  nodes: string;
  /** For private endpoints. */
  endpoints: string;
  /** Delegated to PostgreSQL. */
  database: string;
  /** Delegated to the API servers of AKS. */
  apiServer: string;
  /** Delegated to function apps. */
  functions: string;
  /** For Azure Bastion, which needs a /26 or larger. */
  bastion: string;
  /** For virtual machines from which people and runners administer the stack. */
  admin: string;
}

/** Divides a /16 network into subnets. Throws for a network of any other size. */
export function azureSubnets(addressSpace: string, what: string): AzureSubnets {
  const base = /^(\d{1,3}\.\d{1,3})\.0\.0\/16$/.exec(addressSpace)?.[1];
  if (base === undefined) throw new Error(`${what} must be a /16 such as 10.64.0.0/16, got ${addressSpace}`);
  return {
    nodes: `${base}.0.0/18`,
    endpoints: `${base}.64.0/24`,
    database: `${base}.65.0/24`,
    apiServer: `${base}.66.0/28`,
    functions: `${base}.67.0/24`,
    bastion: `${base}.68.0/26`,
    admin: `${base}.69.0/24`,
  };
}
