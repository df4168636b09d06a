import type { StoreNode } from './store-record.ts';

/** How much the store may take. Bytes; 0 for no limit. The terms are those of BuildKit. */
export interface SpaceLimits {
  /** What is never removed for the sake of the other two. */
  readonly reservedSpace: number;
  readonly maxUsedSpace: number;
  readonly minFreeSpace: number;
}

/** Which records are to go. */
export interface RemovalRule extends SpaceLimits {
  /** Also what an image with a name has. */
  readonly all: boolean;
  /** Only what was not used for that long. ms. */
  readonly keepDuration: number;
  /** Only what this says. */
  readonly matches: (record: StoreNode) => boolean;
}

export interface PlanSurroundings {
  /** ms since 1970. */
  readonly now: number;
  /** Free on the disk of the store, in bytes. */
  readonly free: number;
}

/**
 * The records that a rule removes, in the order in which they can go: the least recently used first, and nothing before what
 * needs it. With limits of space, only as many as it takes.
 */
export function planRemoval(
  nodes: readonly StoreNode[],
  rule: RemovalRule,
  { now, free }: PlanSurroundings,
): readonly StoreNode[] {
  const total = nodes.reduce((sum, { size }) => sum + size, 0);
  const keep = bytesToKeep(rule, total, free);
  if (keep !== undefined && total <= keep) return [];
  const order = leavesFirst(nodes);
  const open = new Map<string, number>();
  for (const { needs } of nodes) for (const key of needs) open.set(key, (open.get(key) ?? 0) + 1);
  const planned: StoreNode[] = [];
  let left = total;
  for (const node of order) {
    if (keep !== undefined && left <= keep) break;
    if ((open.get(node.key) ?? 0) > 0 || !isWanted(node, rule, now)) continue;
    for (const key of node.needs) open.set(key, (open.get(key) ?? 0) - 1);
    planned.push(node);
    left -= node.size;
  }
  return planned;
}

function isWanted(node: StoreNode, rule: RemovalRule, now: number): boolean {
  if (!node.reclaimable || (node.shared && !rule.all)) return false;
  if (rule.keepDuration > 0 && now - (node.lastUsed ?? node.created ?? 0) < rule.keepDuration) return false;
  return rule.matches(node);
}

/**
 * How much may stay; undefined if nothing has to. As BuildKit, but that enough free space is a reason to remove nothing.
 *
 * @see https://github.com/moby/buildkit/blob/v0.32.0/cache/manager.go calculateKeepBytes
 */
function bytesToKeep({ reservedSpace, maxUsedSpace, minFreeSpace }: SpaceLimits, total: number, free: number) {
  if (reservedSpace === 0 && maxUsedSpace === 0 && minFreeSpace === 0) return undefined;
  if (maxUsedSpace === 0 && minFreeSpace === 0) return reservedSpace;
  const lacking = Math.max(0, minFreeSpace - free);
  return Math.max(reservedSpace, Math.min(total - lacking, maxUsedSpace > 0 ? maxUsedSpace : Infinity));
}

/** By last use, where what is needed counts as used whenever what needs it was. */
function leavesFirst(nodes: readonly StoreNode[]): readonly StoreNode[] {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const users = new Map<string, number>();
  for (const { needs } of nodes) for (const key of needs) users.set(key, (users.get(key) ?? 0) + 1);
  const used = new Map(nodes.map((node) => [node.key, node.lastUsed ?? node.created ?? 0]));
  const depth = new Map<string, number>();
  // From the leaves on, so that everything is looked at once.
  const ready = nodes.filter(({ key }) => (users.get(key) ?? 0) === 0);
  for (let node = ready.pop(); node; node = ready.pop()) {
    for (const key of node.needs) {
      used.set(key, Math.max(used.get(key) ?? 0, used.get(node.key) ?? 0));
      depth.set(key, Math.max(depth.get(key) ?? 0, (depth.get(node.key) ?? 0) + 1));
      const left = (users.get(key) ?? 0) - 1;
      users.set(key, left);
      const needed = byKey.get(key);
      if (left === 0 && needed) ready.push(needed);
    }
  }
  const usedOf = ({ key }: StoreNode) => used.get(key) ?? 0;
  const depthOf = ({ key }: StoreNode) => depth.get(key) ?? 0;
  return nodes.toSorted((a, b) => usedOf(a) - usedOf(b) || depthOf(a) - depthOf(b));
}
