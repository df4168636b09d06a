import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Source } from '../../diagnostic/source.ts';
import { parseStages } from '../instructions/parse-stages.ts';
import { parseDockerfile } from '../parser/parse.ts';
import { evaluate } from './evaluate.ts';
import type { LintEvent } from './event.ts';
import type { TestOptions } from './testing.ts';
import { configOf, evaluateText, problemsOf, withImage } from './testing.ts';

test('a file without a stage is a mistake', () => {
  expect(problemsOf('ARG A\n')).toEqual(['no-stages -: dockerfile contains no stages to build «»']);
});

test('problems are gathered, command by command and stage by stage', () => {
  const { problems, image, outline } = evaluateText('FROM x\nUSER ${\nEXPOSE a\nFROM y\nENV A=${} B=${}\n', {
    allStages: true,
  });
  expect(problems.map(({ message }) => message)).toEqual([
    'failed to process "${": syntax error: missing \'}\'',
    'invalid containerPort: a',
    'failed to process "${}": syntax error: bad substitution',
  ]);
  expect(image).toBeUndefined();
  expect(outline).toBeUndefined();
});

test('an image is asked for by its full reference, once for each stage', () => {
  const text =
    'FROM debian AS a\nFROM docker.io/library/debian:latest\nCOPY --from=a b c\nCOPY --from=example.com/x@sha256:' +
    `${'0'.repeat(64)} b c\n`;
  expect(evaluateText(text).images).toEqual([
    'docker.io/library/debian:latest',
    'docker.io/library/debian:latest',
    `example.com/x@sha256:${'0'.repeat(64)}`,
  ]);
});

test('nothing of the base image is lost', () => {
  const config = {
    User: 'u',
    ExposedPorts: { '1/tcp': {} },
    Env: ['PATH=/p', 'A=b=c', 'D='],
    Entrypoint: ['e'],
    Cmd: ['c'],
    Volumes: { '/v': {} },
    WorkingDir: '/w',
    Labels: { l: 'm' },
    StopSignal: '9',
    ArgsEscaped: true,
    Healthcheck: { Test: ['NONE'] },
    Shell: ['s'],
  };
  expect(configOf('FROM x\n', withImage(config))).toEqual(config);
  expect(configOf('FROM x AS a\nFROM a AS b\nFROM b\n', withImage(config))).toEqual(config);
});

test('without history there is none, and all else is the same', () => {
  const text = 'FROM x\nENV A=1\nUSER u\nRUN a\n';
  const { image } = evaluateText(text, { keepSteps: false });
  expect(image).toEqual({ ...evaluateText(text).image, history: [] });
});

test('events cease with the first problem', () => {
  const kinds: string[] = [];
  const listen = ({ kind }: LintEvent) => kinds.push(kind);
  evaluateText('FROM x AS a\nWORKDIR /a\nUSER ${\nWORKDIR /b\n', { listen });
  expect(kinds).toEqual(['stageName', 'stages', 'defaultBase', 'workdir']);
});

/** Pieces of Dockerfiles, right and wrong. */
const pieces = fc.constantFrom(
  ...[
    'FROM x',
    'FROM x AS a',
    'FROM a AS b',
    'FROM $A',
    'FROM --platform=$B c',
    'FROM scratch AS scratch',
    'ARG A',
    'ARG A=b',
  ],
  ...[
    'ARG B=${A:-c} C=$B',
    'ENV A=$B',
    'ENV A b',
    'ENV A="${B',
    'ENV C=${A?}',
    'LABEL a=$C',
    'COPY a b',
    'COPY --from=a b c',
  ],
  ...[
    'COPY --from=1 b c',
    'COPY --from=$A b c',
    'COPY <<E /a\n$A ${B\nE',
    'ADD http://a/b c',
    'ADD https://github.com/a/b.git c',
  ],
  ...[
    'RUN a',
    'RUN --mount=from=b,target=/x y',
    'RUN --mount=type=secret,id=$A y',
    'RUN --mount=target=$A y',
    'RUN <<E\n#!x\nE',
  ],
  ...[
    'ONBUILD COPY --from=b c d',
    'ONBUILD ENV A=$A',
    'ONBUILD RUN <<E\na\nE',
    'ONBUILD NOPE',
    'EXPOSE $A',
    'EXPOSE 1-3 80:80/TCP',
  ],
  ...[
    'WORKDIR $A',
    'WORKDIR a',
    'USER $A',
    'VOLUME $A',
    'STOPSIGNAL $A',
    'SHELL ["s"]',
    'CMD a',
    'ENTRYPOINT ["a"]',
    'MAINTAINER m',
  ],
  ...[
    'HEALTHCHECK NONE',
    'HEALTHCHECK --interval=1s CMD a',
    '# check=skip=all',
    '',
    'NOPE',
    'FROM',
    'ENV',
    'RUN a \\\n\n b',
    '\\',
  ],
);
const texts = fc.oneof(
  fc.array(pieces, { maxLength: 25 }).map((lines) => lines.join('\n')),
  fc
    .array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 10 })), { maxLength: 25 })
    .map((parts) => `FROM x\n${parts.join('\n')}`),
);
const options = fc.record({
  allStages: fc.boolean(),
  keepSteps: fc.boolean(),
  target: fc.constantFrom(undefined, '', 'a', 'B', '1'),
  buildArgs: fc.dictionary(
    fc.constantFrom('A', 'B', 'SOURCE_DATE_EPOCH', 'TARGETPLATFORM'),
    fc.constantFrom('', 'a', '1', 'linux/arm64'),
  ),
  targetPlatform: fc.constantFrom({ os: 'linux', architecture: 'amd64' }, { os: 'windows', architecture: 'amd64' }),
});

/** Nothing if the text cannot be read. */
function evaluateAny(text: string, { buildArgs, ...others }: TestOptions) {
  const file = parseStages(parseDockerfile(new Source('Dockerfile', text)));
  if (file.ast.problems.length + file.problems.length > 0) return undefined;
  return evaluate(file, {
    ...{ allStages: true, keepSteps: true, baseImage: () => undefined },
    buildPlatform: { os: 'linux', architecture: 'amd64' },
    targetPlatform: { os: 'linux', architecture: 'amd64' },
    ...others,
    buildArgs: new Map(Object.entries(buildArgs ?? {})),
  });
}

test('any file that can be read comes to an image or to problems with a place', () => {
  fc.assert(
    fc.property(texts, options, (text, how) => {
      const evaluation = evaluateAny(text, how);
      if (!evaluation) return;
      expect(evaluation.image === undefined).toBe(evaluation.problems.length > 0);
      expect(evaluation.outline === undefined).toBe(evaluation.problems.length > 0);
      for (const { span, lines } of evaluation.problems) {
        expect(span.start).toBeLessThanOrEqual(span.end);
        expect(span.end).toBeLessThanOrEqual(span.source.text.length);
        const [first = 1, last = first] = lines ?? [];
        expect(first).toBeLessThanOrEqual(last);
      }
    }),
    { numRuns: 1000 },
  );
});

test('to evaluate twice comes to the same', () => {
  fc.assert(
    fc.property(texts, options, (text, how) => {
      const [first, second] = [evaluateAny(text, how), evaluateAny(text, how)];
      expect(second?.image).toEqual(first?.image);
      expect(second?.images).toEqual(first?.images);
    }),
    { numRuns: 200 },
  );
});

test('nobody is told of a variable that is set', () => {
  fc.assert(
    fc.property(texts, options, (text, how) => {
      const listen = (event: LintEvent) => {
        if (event.kind !== 'undefinedVariables') return;
        for (const name of event.names) expect(event.defined.get(name)).toBeUndefined();
      };
      evaluateAny(text, { ...how, listen });
      const declared = 'ABC'
        .split('')
        .map((name) => `ARG ${name}=1\n`)
        .join('');
      const isReset = /^(FROM|ONBUILD)/m;
      fc.pre(!isReset.test(text.replace(/^FROM x$/m, '')));
      const told = (event: LintEvent) => {
        expect(event.kind === 'undefinedVariables' && event.names.some((name) => 'ABC'.includes(name))).toBe(false);
      };
      evaluateAny(`FROM x\n${declared}${text.replace(/^FROM x$/gm, '')}`, { ...how, listen: told });
    }),
    { numRuns: 500 },
  );
});
