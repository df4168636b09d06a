import { blobNodes } from './blob-nodes.ts';
import { directoryNodes } from './directory-nodes.ts';
import { internalNodes } from './internal-nodes.ts';
import { layerNodes } from './layer-nodes.ts';
import type { StoreNode } from './store-record.ts';
import type { Survey } from './survey.ts';

/** Every record of a store; what they take adds up to what the store takes. */
export function inventory(survey: Survey): readonly StoreNode[] {
  return [...blobNodes(survey), ...layerNodes(survey), ...directoryNodes(survey), ...internalNodes(survey)];
}
