import { describe, expect, it } from 'vitest';
import { namespaceAdvice } from './namespace-advice.ts';

function advice(files: Readonly<Record<string, string>>, code = 'EPERM') {
  return namespaceAdvice({ code, read: (path) => files[path] });
}

describe('advice where there is no user namespace', () => {
  it.each([
    ['kernel.unprivileged_userns_clone', '0', '1'],
    ['user.max_user_namespaces', '0', '10000'],
    ['kernel.apparmor_restrict_unprivileged_userns', '1', '0'],
  ])('names %s, and how to change it', (name, off, on) => {
    const { reason, hint } = advice({ [`/proc/sys/${name.replaceAll('.', '/')}`]: off });
    expect(reason).toBe(`${name} is ${off}`);
    expect(hint).toContain(`sysctl -w ${name}=${on} `);
  });

  it('does not blame a switch that is on', () => {
    const files = {
      '/proc/sys/kernel/unprivileged_userns_clone': '1',
      '/proc/sys/user/max_user_namespaces': '96365',
      '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '0',
      '/proc/self/status': 'Name:\tkiln\nSeccomp:\t2\nSeccomp_filters:\t1',
    };
    expect(advice(files).hint).toBe('start the container with --security-opt seccomp=unconfined, or with --privileged');
    expect(advice({ '/proc/self/status': 'Seccomp:\t0' }).reason).toContain('the kernel does not say why');
  });

  it('knows kernels without user namespaces, and full ones', () => {
    expect(advice({}, 'EINVAL').reason).toBe('the kernel has none (CONFIG_USER_NS)');
    expect(advice({}, 'ENOSPC').reason).toContain('too many');
  });
});
