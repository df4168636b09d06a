import type { Database } from '../../content/database.ts';
import { LayerUsage, type UsedLayer } from '../../snapshot/layer-usage.ts';
import { quote } from '../../spec/quote.ts';
import { ValueError } from '../../spec/value-error.ts';

/** The layers of a store. Throws KilnError `content/database-damaged` if one is written down as none can be. */
export function storeLayers(database: Database): readonly UsedLayer[] {
  return database.understand(() => {
    const layers = new LayerUsage(database).list();
    for (const { chain, directory } of layers) {
      // It becomes a part of paths, also of those that are removed.
      if (directory !== undefined && !/^[0-9a-z]+$/.test(directory)) {
        throw new ValueError(`layer ${quote(chain)} has the directory ${quote(directory)}`);
      }
    }
    return layers;
  });
}
