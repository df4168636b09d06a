import { describe, expect, it } from 'vitest';
import type { TestOptions } from '../dockerfile/evaluate/testing.ts';
import { inputsFirst } from '../graph/vertex.ts';
import { graphOf, planText, type TestPlanOptions } from './testing.ts';

function namesOf(text: string, options?: TestPlanOptions): readonly string[] {
  return inputsFirst([planText(text, options)]).map(({ options: { name } }) => name.replace(/@sha256:\w+/, ''));
}

function onbuild(...triggers: readonly string[]): TestOptions {
  return { baseImage: (_, { os, architecture }) => ({ os, architecture, config: { OnBuild: triggers }, history: [] }) };
}

describe('the graph of a Dockerfile', () => {
  it('is a chain of steps on an image', () => {
    expect(graphOf('FROM alpine\nRUN one\nENV A=b\nRUN two\nCMD three')).toEqual([
      '1 image docker.io/library/alpine:latest',
      '2 exec one <- 1',
      '3 exec two exec(env=["A=b"]) <- 2',
    ]);
  });

  it('is only what a stage begins with if nothing changes its files', () => {
    expect(graphOf('FROM scratch\nLABEL a=b')).toEqual(['1 scratch']);
    expect(graphOf('FROM alpine AS a\nENV A=b\nFROM a\nUSER c')).toEqual(['1 image docker.io/library/alpine:latest']);
  });

  it('has the stages that are needed, and no others', () => {
    const text = `
FROM alpine AS unused
RUN unused
FROM alpine AS base
RUN base
FROM base AS build
RUN build
FROM base AS test
RUN test
FROM scratch
COPY --from=build /a /b`;
    expect(graphOf(text)).toEqual([
      '1 scratch',
      '2 image docker.io/library/alpine:latest',
      '3 exec base <- 2',
      '4 exec build <- 3',
      '5 file copy(destination=/b input=1 source=/a) <- 1,4',
    ]);
    expect(graphOf(text, { target: 'test' })).toEqual([
      '1 image docker.io/library/alpine:latest',
      '2 exec base <- 1',
      '3 exec test <- 2',
    ]);
  });

  it('has equal steps of different stages once', () => {
    const text = `
FROM alpine AS a
RUN same
FROM alpine AS b
RUN same
RUN more
FROM scratch
COPY --from=a /a /
COPY --from=b /b /`;
    expect(graphOf(text)).toEqual([
      '1 scratch',
      '2 image docker.io/library/alpine:latest',
      '3 exec same <- 2',
      '4 file copy(destination=/ input=1 source=/a) <- 1,3',
      '5 exec more <- 3',
      '6 file copy(destination=/ input=1 source=/b) <- 4,5',
    ]);
    expect(namesOf(text).slice(1, 3)).toEqual(['[a 1/2] FROM docker.io/library/alpine:latest', '[a 2/2] RUN same']);
  });

  it('has an image once for each platform', () => {
    const text = 'FROM --platform=linux/arm64 alpine AS arm\nFROM alpine\nCOPY --from=arm /a /b';
    const [first, second] = inputsFirst([planText(text)]);
    expect(first?.op).toMatchObject({ chain: 'chain of docker.io/library/alpine:latest for linux/amd64' });
    expect(second?.op).toMatchObject({ chain: 'chain of docker.io/library/alpine:latest for linux/arm64' });
  });

  it('has what ONBUILD adds before the steps of the stage', () => {
    expect(graphOf('FROM base\nRUN own', onbuild('COPY a /b', 'RUN triggered', 'WORKDIR /w'))).toEqual([
      '1 image docker.io/library/base:latest',
      '2 local context',
      '3 file copy(destination=/b input=1 source=/a) <- 1,2',
      '4 exec triggered <- 3',
      '5 file makeDirectory(path=/w mode=755) <- 4',
      '6 exec own exec(cwd=/w) <- 5',
    ]);
  });

  it('has named contexts in the place of images and stages', () => {
    const options: TestPlanOptions = {
      namedContext: (name) => {
        if (name === 'dir') return { kind: 'local', name };
        return name === 'img' ? { kind: 'image', reference: 'docker.io/other/img:1' } : undefined;
      },
      plan: { excludes: (context) => [`*.${context}`] },
    };
    const text = `
FROM img
COPY --from=dir a /b
COPY a /b
RUN --mount=type=bind,from=dir,target=/d y`;
    expect(graphOf(text, options)).toEqual([
      '1 image docker.io/other/img:1',
      '2 local dir !*.dir',
      '3 file copy(destination=/b input=1 source=/a) <- 1,2',
      '4 local context !*.context',
      '5 file copy(destination=/b input=1 source=/a) <- 3,4',
      '6 exec y bind(target=/d input=1 readOnly=true) <- 5,2',
    ]);
    expect(graphOf('FROM dir\nRUN x', options)).toEqual(['1 local dir !*.dir', '2 exec x <- 1']);
  });

  it('does not recurse along stages', () => {
    const stages = Array.from({ length: 3000 }, (_, index) => `FROM s${index} AS s${index + 1}\nRUN ${index}`);
    const text = ['FROM scratch AS s0', ...stages].join('\n');
    expect(inputsFirst([planText(text)])).toHaveLength(3001);
  });
});

describe('the steps of a graph', () => {
  it('are called as BuildKit calls them', () => {
    const text =
      'FROM alpine AS build\nrun make\n\nFROM scratch\nCOPY --from=build \\\n  /a /b\nCOPY --link c /d\nADD http://e/ /f';
    expect(namesOf(text)).toEqual([
      'scratch',
      '[build 1/2] FROM docker.io/library/alpine:latest',
      '[build 2/2] RUN make',
      '[stage-1 1/3] COPY --from=build   /a /b',
      '[internal] load build context',
      '[stage-1 2/3] COPY --link c /d',
      'merge [stage-1 2/3] COPY --link c /d',
      'http://e/',
      '[stage-1 3/3] ADD http://e/ /f',
    ]);
    expect(namesOf('FROM alpine\nRUN make')).toEqual(['[1/2] FROM docker.io/library/alpine:latest', '[2/2] RUN make']);
  });

  it('have numbers of one width', () => {
    const names = namesOf(`FROM alpine\n${'RUN make\n'.repeat(10)}`);
    expect(names[0]).toMatch(/^\[ 1\/11\] FROM/);
    expect(names[10]).toBe('[11/11] RUN make');
  });

  it('know their stage and their lines', () => {
    const [, run] = inputsFirst([planText('FROM alpine AS build\n\nRUN a \\\n  && b\n\nFROM build')]);
    expect(run?.options.stage).toBe('build');
    const { source, start = 0, end = 0 } = run?.options.span ?? {};
    expect([source?.lineAt(start), source?.lineAt(end - 1)]).toEqual([3, 4]);
  });

  it('ignore the cache if their stage is to', () => {
    const text = 'FROM alpine AS a\nRUN a\nFROM alpine AS b\nRUN b\nCOPY --from=a a b';
    const fresh = inputsFirst([planText(text, { plan: { ignoresCache: (stage) => stage === 'b' } })])
      .filter(({ options: { ignoreCache } }) => ignoreCache)
      .map(({ options: { name } }) => name);
    expect(fresh).toEqual(['[b 2/3] RUN b', '[b 3/3] COPY --from=a a b']);
  });
});

describe('WORKDIR', () => {
  it('makes a directory of the user, unless it is the root', () => {
    expect(graphOf('FROM alpine\nWORKDIR /a\nWORKDIR b/../c\nUSER u:g\nWORKDIR /\nWORKDIR d')).toEqual([
      '1 image docker.io/library/alpine:latest',
      '2 file makeDirectory(path=/a mode=755) <- 1',
      '3 file makeDirectory(path=/a/c mode=755) <- 2',
      '4 file makeDirectory(path=/d mode=755 owner={"text":"u:g","input":0}) <- 3',
    ]);
  });
});
