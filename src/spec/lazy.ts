/** A value that is made when it is first asked for: for tables and expressions that a short run does without. */
export function lazy<Value extends object>(make: () => Value): () => Value {
  let value: Value | undefined;
  return () => (value ??= make());
}
