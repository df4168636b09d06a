/**
 * A text is not a value of the type it was parsed as.
 *
 * The message is the one Go's parser of the same type gives. It knows no place in a source; the caller adds one.
 */
export class ValueError extends Error {
  override readonly name: string = 'ValueError';
}
