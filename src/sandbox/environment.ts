/** https://github.com/moby/buildkit/blob/master/util/system/path.go */
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The environment of a step, with PATH and HOME. */
export function completeEnvironment(env: readonly string[], home: string): readonly string[] {
  const has = (name: string): boolean => env.some((entry) => entry.startsWith(`${name}=`));
  return [...(has('PATH') ? [] : [`PATH=${defaultPath}`]), ...env, ...(has('HOME') ? [] : [`HOME=${home}`])];
}

/** Value of a variable; the last one counts. */
export function environmentValue(env: readonly string[], name: string): string | undefined {
  return env.findLast((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
}
