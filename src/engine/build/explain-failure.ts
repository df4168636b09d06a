import { isKilnError, KilnError } from '../../diagnostic/kiln-error.ts';
import { VertexError } from '../../solver/vertex-error.ts';

/** A step that fails is told with its place in the Dockerfile. */
export async function explained<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof VertexError)) throw error;
    const { cause, vertex } = error;
    if (!isKilnError(cause)) throw cause;
    throw new KilnError(cause.code, cause.message, {
      hint: cause.hint,
      span: cause.span ?? vertex.options.span,
      cause,
    });
  }
}
