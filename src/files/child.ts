/** An entry of a directory. A link is not a directory, whatever it points to. */
export interface Child {
  /** Binary. */
  readonly name: string;
  readonly isDirectory: boolean;
}
