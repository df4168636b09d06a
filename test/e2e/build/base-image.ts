import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';

/** Debian's statically linked busybox, of the package busybox-static. */
const busybox = ['/bin/busybox', '/usr/bin/busybox'].find((path) => existsSync(path));

export const hasBusybox = busybox !== undefined;

/** Writes an OCI archive of an image `busybox:latest` that is made of busybox and the few files that every image has. */
export async function writeBaseImage(path: string): Promise<void> {
  const layer = await archive((tar) => {
    for (const name of ['bin', 'etc', 'root', 'usr', 'var', 'home']) tar.entry({ name: `${name}/`, type: 'directory' });
    tar.entry({ name: 'tmp/', type: 'directory', mode: 0o1777 });
    tar.entry({ name: 'bin/busybox', mode: 0o755 }, readFileSync(busybox ?? ''));
    for (const applet of applets()) tar.entry({ name: `bin/${applet}`, type: 'symlink', linkname: 'busybox' });
    tar.entry({ name: 'etc/passwd' }, 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n');
    tar.entry({ name: 'etc/group' }, 'root:x:0:\nstaff:x:50:nobody\nnogroup:x:65534:\n');
  });
  const config = JSON.stringify({
    architecture: { x64: 'amd64' }[process.arch as string] ?? process.arch,
    os: 'linux',
    config: { Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], Cmd: ['sh'] },
    created: '2020-01-01T00:00:00Z',
    history: [{ created: '2020-01-01T00:00:00Z', created_by: 'busybox' }],
    rootfs: { type: 'layers', diff_ids: [digest(layer)] },
  });
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: descriptor('application/vnd.oci.image.config.v1+json', config),
    layers: [descriptor('application/vnd.oci.image.layer.v1.tar', layer)],
  });
  const names = {
    'io.containerd.image.name': 'docker.io/library/busybox:latest',
    'org.opencontainers.image.ref.name': 'latest',
  };
  const index = JSON.stringify({
    schemaVersion: 2,
    manifests: [{ ...descriptor('application/vnd.oci.image.manifest.v1+json', manifest), annotations: names }],
  });
  const bytes = await archive((tar) => {
    tar.entry({ name: 'oci-layout' }, '{"imageLayoutVersion":"1.0.0"}');
    tar.entry({ name: 'index.json' }, index);
    for (const blob of [layer, config, manifest]) {
      tar.entry({ name: `blobs/sha256/${digest(blob).slice('sha256:'.length)}` }, Buffer.from(blob));
    }
  });
  await finished(Readable.from([bytes]).pipe(createWriteStream(path)));
}

function applets(): readonly string[] {
  const list = execFileSync(busybox ?? '', ['--list'], { encoding: 'utf8' });
  return list.split('\n').filter((name) => name !== '' && name !== 'busybox');
}

function descriptor(mediaType: string, content: string | Buffer) {
  return { mediaType, digest: digest(content), size: Buffer.byteLength(content) };
}

function digest(content: string | Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

async function archive(fill: (tar: Pack) => void): Promise<Buffer> {
  const tar = pack();
  fill(tar);
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
