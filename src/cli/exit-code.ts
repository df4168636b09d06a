/** The command line is wrong, or something cannot be read or written. */
export const usageError = 2;
