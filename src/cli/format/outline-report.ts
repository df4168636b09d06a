import type { Source } from '../../diagnostic/source.ts';
import type { Outline } from '../../engine/index.ts';
import { dataOf, jsonReport, locationOf } from './buildkit-json.ts';
import { table } from './table.ts';

/** The result of `--call=outline`: what a target can be given. */
export function outlineReport(outline: Outline, source: Source, { json }: { readonly json: boolean }): string {
  if (json) return jsonReport(outlineJson(outline, source));
  const { name, description, args, secrets, ssh } = outline;
  const required = (entries: Outline['secrets']) => entries.map((entry) => [entry.name, entry.required ? 'true' : '']);
  return [
    ...(name !== '' || description !== '' ? [head(outline)] : []),
    ...section(
      ['BUILD ARG', 'VALUE', 'DESCRIPTION'],
      args.map((arg) => [arg.definition.key, arg.value, arg.definition.description]),
    ),
    ...section(['SECRET', 'REQUIRED'], required(secrets)),
    ...section(['SSH', 'REQUIRED'], required(ssh)),
  ].join('');
}

function head({ name, description }: Outline): string {
  const rows = [
    ['TARGET:', name === '' ? '(default)' : name],
    ...(description === '' ? [] : [['DESCRIPTION:', description]]),
  ];
  return `${table(rows, 1)}\n`;
}

function section(title: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return rows.length === 0 ? [] : [`${table([title, ...rows], 3)}\n`];
}

function outlineJson({ name, description, args, secrets, ssh }: Outline, source: Source) {
  const entry = ({ name: key, required, origin }: Outline['secrets'][number]) => ({
    name: key,
    ...(required && { required }),
    location: locationOf(origin.lines),
  });
  return {
    ...(name !== '' && { name }),
    ...(description !== '' && { description }),
    ...(args.length > 0 && {
      args: args.map(({ definition, value, origin }) => ({
        name: definition.key,
        ...(definition.description !== '' && { description: definition.description }),
        ...(value !== '' && { value }),
        location: locationOf(origin.lines),
      })),
    }),
    ...(secrets.length > 0 && { secrets: secrets.map(entry) }),
    ...(ssh.length > 0 && { ssh: ssh.map(entry) }),
    sources: [dataOf(source)],
  };
}
