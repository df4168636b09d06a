import { constants } from 'node:fs';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** To read what was a file a moment ago: it may be a pipe by now, which is not waited for, or a link, which is not followed. */
export const readFlags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
