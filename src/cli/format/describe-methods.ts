import { jsonReport } from './buildkit-json.ts';
import { table } from './table.ts';

const methods = [
  { name: 'outline', description: 'List all parameters current build target supports' },
  { name: 'targets', description: 'List all targets current build supports' },
  { name: 'subrequests.describe', description: 'List available subrequest types' },
  { name: 'lint', description: 'Lint a Dockerfile' },
];

/** The result of `--call=subrequests.describe`: which questions can be asked. */
export function describeMethods({ json }: { readonly json: boolean }): string {
  if (json)
    return jsonReport(
      methods.map(({ name, description }) => ({
        name: `frontend.${name}`,
        version: '1.0.0',
        type: 'rpc',
        description,
      })),
    );
  return table(
    [['NAME', 'VERSION', 'DESCRIPTION'], ...methods.map(({ name, description }) => [name, '1.0.0', description])],
    1,
  );
}
