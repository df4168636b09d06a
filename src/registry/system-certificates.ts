/**
 * The certificate authorities of Node and of the machine, PEM. Reading those of the machine takes a while, so this is for
 * when those of Node alone did not do.
 */
export async function systemCertificates(): Promise<readonly string[]> {
  const { getCACertificates } = await import('node:tls');
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
}
