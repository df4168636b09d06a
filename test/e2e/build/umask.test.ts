import { lstatSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../kiln.ts';
import { canBuild, newContext, program, run, useBuildRig } from './build-rig.ts';
import { writeBaseImage } from './base-image.ts';

useBuildRig();

const dockerfile = `FROM busybox AS one
COPY f /deep/copied/f
COPY <<EOT /heredoc
text
EOT
WORKDIR /work/dir
RUN umask >/umask; touch /made
FROM one
COPY --from=one /deep /again
USER 1000
RUN --mount=type=cache,target=/cache,uid=1000 --mount=type=bind,target=/context --mount=type=bind,target=/rw,rw \\
  --mount=type=bind,from=one,target=/stage --mount=type=bind,from=one,target=/stage-rw,rw --mount=type=tmpfs,target=/t \\
  --mount=type=secret,id=s,target=/secret,uid=1000 \\
  ls / /context /rw /stage /stage-rw && touch /cache/x /t/x && cat /secret >/dev/null && stat -c '%a %n' / /*
`;

/** Modes of all that is in a store but the files of images and steps. */
function modesOf(store: string): ReadonlyMap<string, string> {
  const modes = new Map<string, string>();
  const visit = (path: string): void => {
    const { mode } = lstatSync(join(store, path));
    modes.set(path.replaceAll(/[0-9a-f]{64}/g, 'DIGEST'), (mode & 0o7777).toString(8));
    const isOfImages = /^(snapshots|caches)\/[^/]+\/fs$/.test(path);
    if (lstatSync(join(store, path)).isDirectory() && !isOfImages) {
      for (const name of readdirSync(join(store, path))) visit(join(path, name));
    }
  };
  visit('');
  return modes;
}

it.skipIf(!canBuild)('The umask decides nothing about images, nor about who can read the store', async () => {
  const context = newContext({ f: 'x', s: 'secret' });
  const base = join(temporaryFolder(), 'base.tar');
  await writeBaseImage(base);
  const images: Buffer[] = [];
  for (const umask of ['000', '022', '077']) {
    const folder = temporaryFolder();
    const [store, image] = [join(folder, 'store'), join(folder, 'image.tar')];
    const script = `
      umask ${umask}
      export KILN_ROOT=${store} SOURCE_DATE_EPOCH=1700000000
      ${process.execPath} ${program} load -q -i ${base} || exit
      ${process.execPath} ${program} build --progress plain --secret id=s,src=${context}/s -f - --load -t x \\
        -o type=oci,dest=${image},rewrite-timestamp=true ${context} 2>&1 <<'END'\n${dockerfile}\nEND`;
    run('sh', ['-c', script]);
    images.push(readFileSync(image));
    const modes = modesOf(store);
    const readable = [...modes].filter(([path, mode]) => !path.endsWith('/fs') && (parseInt(mode, 8) & 0o077) !== 0);
    expect({ umask, readable }).toEqual({ umask, readable: [] });
    const roots = [...modes].filter(([path]) => path.endsWith('/fs')).map(([, mode]) => mode);
    expect({ umask, roots: [...new Set(roots)] }).toEqual({ umask, roots: ['755'] });
  }
  expect(images.map((image) => image.equals(images[0] ?? Buffer.alloc(0)))).toEqual([true, true, true]);
});
