import { exportLocal } from '../../export/export-local.ts';
import { exportTar } from '../../export/export-tar.ts';
import { writeImageArchive } from '../../export/image-archive.ts';
import { writeImageLayout } from '../../export/image-layout.ts';
import { tagImage } from '../../export/tag-image.ts';
import { writeImage, type WrittenImage } from '../../export/write-image.ts';
import { descriptorToJson } from '../../spec/descriptor.ts';
import type { Digest } from '../../spec/digest.ts';
import type { BuildOutput } from './build-output.ts';
import type { BuildSession } from './build-session.ts';
import { chainOfResult, composeImage, type ComposedImage, type SolvedImage } from './compose-image.ts';
import type { StepReport } from './steps.ts';

/** What was made of a build. */
export interface Exported {
  /** Of the configuration of the first image; absent if no image was written. */
  readonly imageId: Digest | undefined;
  /** What `--metadata-file` gets. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

type ImageOutput = Extract<BuildOutput, { kind: 'store' | 'oci' | 'docker' }>;
type FilesOutput = Extract<BuildOutput, { kind: 'local' | 'tar' }>;

/** Makes all outputs of a build. What is not complete is not there, or as it was before. */
export async function exportImages(session: BuildSession, images: readonly SolvedImage[]): Promise<Exported> {
  let exported: Exported = { imageId: undefined, metadata: {} };
  const { outputs, signal } = session.options;
  for (const output of outputs) {
    signal.throwIfAborted();
    if ('names' in output) exported = await exportImage(session, images, output);
    else await exportFiles(session, images, output);
  }
  return exported;
}

const titles: Readonly<Record<BuildOutput['kind'], string>> = {
  store: 'exporting to image',
  oci: 'exporting to oci image format',
  docker: 'exporting to docker image format',
  local: 'exporting to client directory',
  tar: 'exporting to client tarball',
};

function exportImage(session: BuildSession, images: readonly SolvedImage[], output: ImageOutput): Promise<Exported> {
  return session.steps.run(titles[output.kind], async (report) => {
    const composed = await report.part('exporting layers', () =>
      Promise.all(images.map((image) => composeImage(session, image, output.layers))),
    );
    const written = writeImage(
      session.content,
      composed.map((image) => ({ ...image, annotations: output.annotations })),
      {
        family: output.ociMediaTypes === false ? 'docker' : 'oci',
      },
    );
    for (const { manifest, config } of written.images) {
      await report.part(`exporting manifest ${manifest.digest}`, () => Promise.resolve());
      await report.part(`exporting config ${config.digest}`, () => Promise.resolve());
    }
    await deliver(session, written, { output, composed, report });
    return { imageId: written.images[0]?.config.digest, metadata: metadataOf(written, output.names) };
  });
}

interface Delivery {
  readonly output: ImageOutput;
  readonly composed: readonly ComposedImage[];
  readonly report: StepReport;
}

async function deliver(
  session: BuildSession,
  image: WrittenImage,
  { output, composed, report }: Delivery,
): Promise<void> {
  const { content } = session;
  const { names } = output;
  if (output.kind === 'store') {
    for (const name of names) await report.part(`naming to ${name}`, () => Promise.resolve());
    tagImage(content, names, image);
    return;
  }
  const { signal } = session.options;
  const notes = { names, created: composed[0]?.created, signal };
  const { kind: format, destination: path } = output;
  await report.part('sending tarball', async () => {
    if (!output.tar) await writeImageLayout(content, { image, directory: path, ...notes });
    else
      await writeImageArchive(content, {
        image,
        destination: path === '-' ? session.options.stdout() : path,
        format,
        ...notes,
      });
  });
}

function exportFiles(session: BuildSession, images: readonly SolvedImage[], output: FilesOutput): Promise<void> {
  return session.steps.run(titles[output.kind], async (report) => {
    const trees = await Promise.all(
      images.map(async ({ result, platform }) => ({
        root: await session.snapshots.readable(await chainOfResult(session, result)),
        platform,
      })),
    );
    const { signal } = session.options;
    const options = { split: images.length > 1, epoch: images[0]?.epoch, signal };
    const path = output.destination;
    await report.part('copying files', async () => {
      if (output.kind === 'local') await exportLocal(trees, path, options);
      else await exportTar(trees, path === '-' ? session.options.stdout() : path, options);
    });
  });
}

/** The keys are those of buildx. */
function metadataOf({ target, images }: WrittenImage, names: readonly string[]): Exported['metadata'] {
  const config = images.length === 1 ? images[0]?.config.digest : undefined;
  return {
    ...(config !== undefined && { 'containerimage.config.digest': config }),
    'containerimage.descriptor': descriptorToJson(target),
    'containerimage.digest': target.digest,
    ...(names.length > 0 && { 'image.name': names.join(',') }),
  };
}
