/** The command line is wrong, or something cannot be read or written. */
export const usageError = 2;

/** SIGINT or SIGTERM stopped a build; as the shell reports the first, and buildx both. */
export const canceled = 130;
