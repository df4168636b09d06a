import { describe, expect, it } from 'vitest';
import { storePath, type StorePlace } from './store-path.ts';

function path(place: Partial<StorePlace>): string {
  return storePath({ root: undefined, env: {}, uid: 1000, systemHome: () => undefined, ...place });
}

describe('the path of the store', () => {
  it('is the first that is named', () => {
    const env = { KILN_ROOT: '/named', XDG_DATA_HOME: '/data', HOME: '/home/ann' };
    expect(path({ root: '/flag', env })).toBe('/flag');
    expect(path({ env })).toBe('/named');
    expect(path({ env: { ...env, KILN_ROOT: '' } })).toBe('/data/kiln');
    expect(path({ env: { XDG_DATA_HOME: 'relative', HOME: '/home/ann' } })).toBe('/home/ann/.local/share/kiln');
    expect(path({ env: { HOME: '/root' }, uid: 0 })).toBe('/var/lib/kiln');
  });

  it('is in the home that the system knows if there is no HOME', () => {
    expect(path({ systemHome: () => '/home/bob' })).toBe('/home/bob/.local/share/kiln');
    expect(path({ env: { HOME: '' }, systemHome: () => '/home/bob' })).toBe('/home/bob/.local/share/kiln');
  });

  it('must be named by a user without a home', () => {
    expect(() => path({})).toThrow('there is no place for the store: user 1000 has no home directory');
    expect(() => path({ env: { HOME: 'relative' } })).toThrow('there is no place for the store');
  });
});
