/** Whether a certificate for a name, such as `*.example.com`, is good for a host. */
export function coversHost(pattern: string, host: string): boolean {
  return pattern.startsWith("*.") ? host.slice(host.indexOf(".")) === pattern.slice(1) : pattern === host;
}
