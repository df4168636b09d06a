import manifest from '../../package.json' with { type: 'json' };

/** Of this Kiln. */
export const version: string = manifest.version;
