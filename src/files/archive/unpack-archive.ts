export async function unpackArchive(_request: object): Promise<void> {
  return Promise.resolve();
}
