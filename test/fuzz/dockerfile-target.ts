import { Source } from '../../src/diagnostic/source.ts';
import { readIgnorePatterns } from '../../src/dockerfile/ignore/ignore-file.ts';
import { createIgnoreMatcher } from '../../src/dockerfile/ignore/matcher.ts';
import { decodeText } from '../../src/dockerfile/lexer/decode.ts';
import { lintDockerfile } from '../../src/dockerfile/lint/lint.ts';
import { printDockerfile } from '../../src/dockerfile/parser/print.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { mutate } from './mutate.ts';

const seeds = [
  'FROM alpine:3 AS base\nARG A=1\nENV B=${A:-x} C="q $B" D=\'s\'\nRUN --mount=type=cache,target=/c apk add x && \\\n  # c\n  true\n',
  '# syntax=docker/dockerfile:1\n# escape=`\nFROM --platform=$BUILDPLATFORM a\nCOPY --from=0 --chown=1:2 --chmod=u+x [".", "/b"]\nADD --checksum=sha256:00 http://h/x /y\n',
  'FROM a\nRUN <<EOF cat > /x\nhello\nEOF\nCOPY <<-"A" <<B /d/\n\tx\n\tA\ny\nB\nHEALTHCHECK --interval=5s CMD ["x"]\nONBUILD RUN x\n',
  'ARG V\nFROM a:${V} AS b\nFROM b\nWORKDIR x\nEXPOSE 80/tcp $P 90-100\nUSER u:g\nVOLUME ["/v"]\nSTOPSIGNAL 9\nSHELL ["/bin/sh"]\nLABEL a=b "c d"=e\nCMD x\nENTRYPOINT ["y"]\nMAINTAINER z\n',
  'FROM scratch\nCOPY --exclude=*.x --parents --link a/./b /c\nRUN --network=none --security=insecure --mount=type=bind,from=x,rw true\nENV X=${Y%%.*} Z=${X/a/b} W=${V:?no}\n',
];
const words = [
  ...[
    'FROM ',
    'RUN ',
    'COPY ',
    'ONBUILD ',
    '<<EOF',
    '<<-E',
    '--from=',
    '--mount=',
    '\\\n',
    '`\n',
    '# escape=`\n',
    '${',
    ':-',
    '}',
    '"',
    "'",
  ],
  ...[
    '["',
    '"]',
    '$A',
    '\n',
    '\r\n',
    '\t',
    '%%*',
    '##',
    '//',
    '\0',
    '\ufeff',
    'é',
    'AS ',
    '[',
    '**/',
    '!',
    '--',
    '=',
    'type=tmpfs,',
  ],
].map((word) => Buffer.from(word));
const platform = { os: 'linux', architecture: 'amd64' };

/** Reading, evaluating, checking and printing Dockerfiles; and ignore files. */
export function loadDockerfileTarget(): Promise<FuzzTarget> {
  return Promise.resolve({
    make: (random) => mutate(Buffer.from(random.of(seeds)), random, words),
    run: (input) => {
      const source = new Source('Dockerfile', decodeText(input));
      const { file } = lintDockerfile(source, {
        ...{ buildArgs: new Map([['A', 'a']]), allStages: true, buildPlatform: platform, targetPlatform: platform },
        ...{ baseImage: () => undefined, keepSteps: false },
      });
      printDockerfile(file.ast);
      if (input.length % 4 === 0) createIgnoreMatcher(readIgnorePatterns(source)).matches('some/path/to/a.file');
    },
  });
}
