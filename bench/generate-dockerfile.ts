/** Picks a number from 0 up to, but without, a limit. */
type Pick = (limit: number) => number;

/** What the parts of a generated file share. */
interface Draft {
  readonly pick: Pick;
  readonly lines: string[];
  stages: number;
}

const linesPerStage = 60;

/** Instructions with weights that resemble what real files hold; each writes a few lines. */
const blocks: readonly (readonly [weight: number, write: (draft: Draft) => readonly string[]])[] = [
  [6, ({ pick }) => [`RUN apt-get update \\`, ...packages(pick), `    && rm -rf /var/lib/apt/lists/*`]],
  [4, ({ pick }) => [`RUN make -j\${JOBS:-4} PREFIX="$PREFIX" target-${pick(100)}`]],
  [2, ({ pick }) => [`RUN --mount=type=cache,target=/root/.cache,id=c${pick(9)} npm ci --omit=dev`]],
  [3, ({ pick }) => [`ENV PATH=/opt/tool-${pick(100)}/bin:$PATH \\`, `    LANG=C.UTF-8`]],
  [2, ({ pick }) => [`ENV OPTION_${pick(1000)}="a value with \\"quotes\\" and \${PREFIX:-/usr}"`]],
  [
    3,
    (draft) => [`COPY --from=${stageName(draft)} --chown=app:app /out/lib-${draft.pick(50)} ./dist/ /usr/local/lib/`],
  ],
  [3, ({ pick }) => [`COPY package-${pick(50)}.json requirements.txt $SOURCES /app/`]],
  [1, () => [`COPY ["a file.txt", "another file.txt", "/app/"]`]],
  [2, ({ pick }) => [`ARG VERSION_${pick(100)}=1.${pick(30)}.${pick(10)}`]],
  [2, ({ pick }) => [`LABEL org.example.part-${pick(100)}="${pick(1e6)}" org.example.vendor=Example`]],
  [5, ({ pick }) => [`# Step ${pick(1e6)}: explains what comes next, at some length, as people do.`]],
  [5, () => ['']],
  [1, ({ pick }) => [`RUN <<EOF`, `set -e`, `for i in $(seq ${pick(9)}); do`, `  echo "step $i"`, `done`, `EOF`]],
  [1, ({ pick }) => [`ENV LEGACY_${pick(100)} a value in the old form`]],
  [1, ({ pick }) => [`WORKDIR /src/part-${pick(100)}`]],
  [1, ({ pick }) => [`EXPOSE ${1024 + pick(60000)}/tcp`]],
];

const deck = blocks.flatMap(([weight, write]) => Array.from({ length: weight }, () => write));

/** A Dockerfile of so many lines, the same every time, with a stage about every 60 lines. */
export function generateDockerfile(lineCount: number): string {
  const draft: Draft = { pick: createPick(lineCount), lines: ['# syntax=docker/dockerfile:1'], stages: 0 };
  for (let next = 0; draft.lines.length < lineCount;) {
    if (draft.lines.length >= next) {
      draft.lines.push(...stage(draft));
      next = draft.lines.length + linesPerStage;
    }
    const write = deck[draft.pick(deck.length)];
    const lines = write?.(draft) ?? [];
    if (draft.lines.length + lines.length <= lineCount) draft.lines.push(...lines);
    else draft.lines.push('');
  }
  return draft.lines.slice(0, lineCount).join('\n') + '\n';
}

/** Every fourth stage builds upon another. */
function stage(draft: Draft): readonly string[] {
  const base = draft.stages > 0 && draft.pick(4) === 0 ? stageName(draft) : `debian:${8 + draft.pick(5)}-slim`;
  const name = `stage-${draft.stages++}`;
  return [`FROM ${base} AS ${name}`, 'ARG PREFIX=/usr/local JOBS'];
}

function stageName({ stages, pick }: Draft): string {
  // The stage itself is the last one.
  return stages > 1 ? `stage-${pick(stages - 1)}` : 'alpine:3';
}

function packages(pick: Pick): readonly string[] {
  return Array.from({ length: 1 + pick(6) }, () => `    && apt-get install -y package-${pick(1000)} \\`);
}

/** Mulberry32: small, and good enough to mix lines. */
function createPick(seed: number): Pick {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}
