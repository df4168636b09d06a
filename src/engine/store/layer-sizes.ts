import type { Database } from '../../content/database.ts';
import { jsonTable, type KeyValueTable } from '../../content/key-value-table.ts';

/** How large the tars of layers are, in bytes, by diff id: what they take on the disk, about, known without looking. */
export function layerSizes(database: Database): KeyValueTable<number> {
  return jsonTable<number>(database, 'layer_sizes');
}
