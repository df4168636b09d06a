/** What the vertices of a graph need, by index; inputs come before what they are inputs of. */
export type Inputs = readonly (readonly number[])[];

/** Which vertices need each of the vertices. */
export function consumersOf(inputs: Inputs): readonly (readonly number[])[] {
  const consumers: number[][] = inputs.map(() => []);
  for (const [vertex, needed] of inputs.entries()) for (const input of needed) consumers[input]?.push(vertex);
  return consumers;
}

/**
 * The row of each vertex, from 0 on: below all its inputs, by the longest path; and then down as far as what needs it allows,
 * so that a source is near its first use.
 */
export function ranksOf(inputs: Inputs, consumers: Inputs): readonly number[] {
  const ranks: number[] = [];
  for (const needed of inputs) ranks.push(needed.reduce((row, input) => Math.max(row, (ranks[input] ?? 0) + 1), 0));
  for (let vertex = inputs.length - 1; vertex >= 0; vertex--) {
    let highest = Infinity;
    for (const consumer of consumers[vertex] ?? []) highest = Math.min(highest, ranks[consumer] ?? Infinity);
    if (highest !== Infinity) ranks[vertex] = highest - 1;
  }
  return ranks;
}
