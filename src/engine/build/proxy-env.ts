const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'];

/**
 * The variables of proxies among the build arguments, which every RUN gets without their being part of what it is.
 *
 * @see https://docs.docker.com/build/building/variables/#pre-defined-build-arguments
 */
export function proxyEnv(buildArgs: ReadonlyMap<string, string>): readonly string[] {
  return names.flatMap((name) => {
    const value = Array.from(buildArgs).findLast(([key]) => key.toUpperCase() === name)?.[1];
    return value === undefined ? [] : [`${name}=${value}`, `${name.toLowerCase()}=${value}`];
  });
}
