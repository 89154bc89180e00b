/** The text of docker's config.json with the credentials `user:password` for a registry, as the CDH and Kubernetes read it. */
export function dockerConfig(registry: string, credentials: string): string {
  return JSON.stringify({ auths: { [registry]: { auth: Buffer.from(credentials).toString('base64') } } });
}
