import type { Source } from '../../diagnostic/source.ts';
import type { Stage } from '../../engine/index.ts';
import { dataOf, jsonReport, locationOf } from './buildkit-json.ts';
import { table } from './table.ts';

/** The result of `--call=targets`: the stages that can be built. */
export function targetsReport(stages: readonly Stage[], source: Source, { json }: { readonly json: boolean }): string {
  const targets = stages.map(({ from }, index) => ({ from, isDefault: index === stages.length - 1 }));
  if (!json) {
    const rows = targets.map(({ from, isDefault }) => [titleOf(from.name, isDefault), from.description]);
    return table([['TARGET', 'DESCRIPTION'], ...rows], 1);
  }
  return jsonReport({
    targets: targets.map(({ from: { name, description, base, platform, origin }, isDefault }) => ({
      ...(name !== '' && { name }),
      ...(isDefault && { default: true }),
      ...(description !== '' && { description }),
      base: base.value,
      ...(platform.value !== '' && { platform: platform.value }),
      location: locationOf(origin.lines),
    })),
    sources: [dataOf(source)],
  });
}

function titleOf(name: string, isDefault: boolean): string {
  if (!isDefault) return name;
  return name === '' ? '(default)' : `${name} (default)`;
}
