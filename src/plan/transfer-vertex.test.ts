import { describe, expect, it } from 'vitest';
import { inputsFirst } from '../graph/vertex.ts';
import { graphOf, planText, type TestPlanOptions } from './testing.ts';

/** The graph of instructions on an empty file system, without that and without the context. */
function onScratch(text: string, options?: TestPlanOptions): readonly string[] {
  return graphOf(`FROM scratch\n${text}`, options).filter((line) => !/^\d+ (?:scratch|local context)$/.test(line));
}

const sum = `sha256:${'01'.repeat(32)}`;

describe('COPY', () => {
  it('copies all its sources in one step', () => {
    expect(graphOf('FROM scratch\nCOPY a /b* c/ /x/')).toEqual([
      '1 scratch',
      '2 local context',
      '3 file copy(destination=/x/ input=1 source=/a) copy(destination=/x/ input=1 source=/b*) copy(destination=/x/ input=1 source=/c) <- 1,2',
    ]);
  });

  it('goes to a path below the working directory, which a slash or a dot makes a directory', () => {
    const destinationOf = (destination: string): string | undefined =>
      /destination=(\S+)/.exec(onScratch(`WORKDIR /w\nCOPY a ${destination}`).at(-1) ?? '')?.[1];
    const expected = [
      ['b', '/w/b'],
      ['b/', '/w/b/'],
      ['.', '/w/'],
      ['./', '/w/'],
      ['b/.', '/w/b/'],
      ['..', '/'],
      ['../../../b', '/b'],
      ['/', '/'],
      ['/b//c/../d', '/b/d'],
    ];
    for (const [destination = '', path] of expected)
      expect([destination, destinationOf(destination)]).toEqual([destination, path]);
  });

  it('hands its flags on', () => {
    expect(onScratch('COPY --chmod=0755 --chown=a:b --exclude=*.md --exclude=x --parents a/./b c* /x/')).toEqual([
      '3 file copy(destination=/x/ mode=0755 owner={"text":"a:b","input":0} parents=true excludes=["*.md","x"] input=1 source=/a/./b)' +
        ' copy(destination=/x/ mode=0755 owner={"text":"a:b","input":0} parents=true excludes=["*.md","x"] input=1 source=/c*) <- 1,2',
    ]);
    expect(onScratch('COPY --chmod=u=rwX,go= a b')).toEqual([
      '3 file copy(destination=/b mode=u=rwX,go= input=1 source=/a) <- 1,2',
    ]);
  });

  it('takes only clean paths, but for the place at which --parents begins', () => {
    const sourceOf = (source: string): string | undefined =>
      /source=(\S+)\)/.exec(onScratch(`COPY --parents ${source} /x/`).at(-1) ?? '')?.[1];
    const expected = [
      ['a//b/../c', '/a/c'],
      ['./a', '/a'],
      ['/./a', '/./a'],
      ['/a/./b', '/a/./b'],
      ['a/../b/./c/./d', '/b/./c/d'],
      ['../a', '/a'],
    ];
    for (const [source = '', path] of expected) expect([source, sourceOf(source)]).toEqual([source, path]);
  });

  it('takes files from stages and images', () => {
    expect(
      graphOf(
        'FROM alpine AS a\nRUN one\nFROM scratch\nCOPY --from=a /x /y\nCOPY --from=nginx /x /y\nCOPY --from=0 z /',
      ),
    ).toEqual([
      '1 scratch',
      '2 image docker.io/library/alpine:latest',
      '3 exec one <- 2',
      '4 file copy(destination=/y input=1 source=/x) <- 1,3',
      '5 image docker.io/library/nginx:latest',
      '6 file copy(destination=/y input=1 source=/x) <- 4,5',
      '7 file copy(destination=/ input=1 source=/z) <- 6,3',
    ]);
  });

  it('with --link is a layer of its own, which depends on what is below only for names of users', () => {
    expect(
      graphOf('FROM alpine\nWORKDIR /w\nCOPY --link a .\nCOPY --link --chown=app b sub/\nCOPY --link --chown=1:2 b c'),
    ).toEqual([
      '1 image docker.io/library/alpine:latest',
      '2 file makeDirectory(path=/w mode=755) <- 1',
      '3 scratch',
      '4 local context',
      '5 file copy(destination=/w/ replace=true input=1 source=/a) <- 3,4',
      '6 merge <- 2,5',
      '7 file copy(destination=/w/sub/ owner={"text":"app","input":1} replace=true input=2 source=/b) <- 3,6,4',
      '8 merge <- 6,7',
      '9 file copy(destination=/w/c owner={"text":"1:2","input":0} replace=true input=1 source=/b) <- 3,4',
      '10 merge <- 8,9',
    ]);
  });

  it('makes files of heredocs', () => {
    expect(
      onScratch('COPY --chown=1 <<f1 <<"f2" a /dir/\na\nf1\n$b\nf2\nCOPY --link --chmod=600 <<EOF /file\nx\nEOF'),
    ).toEqual([
      '3 file copy(destination=/dir/ owner={"text":"1","input":0} input=1 source=/a)' +
        ' makeFile(destination=/dir/ name=f1 content="a\\n" owner={"text":"1","input":0})' +
        ' makeFile(destination=/dir/ name=f2 content="$b\\n" owner={"text":"1","input":0}) <- 1,2',
      '4 file makeFile(destination=/file name=EOF content="x\\n" mode=600) <- 3',
    ]);
  });

  it('gives directories the time of the build if there is one', () => {
    expect(onScratch('WORKDIR /w\nCOPY a b\nCOPY <<f c\nf\n', { plan: { timestamp: 7 } })).toEqual([
      '2 file makeDirectory(path=/w mode=755 timestamp=7) <- 1',
      '4 file copy(destination=/w/b timestamp=7 input=1 source=/a) <- 2,3',
      '5 file makeFile(destination=/w/c name=f content="" timestamp=7) <- 4',
    ]);
  });
});

describe('ADD', () => {
  it('unpacks archives if they are some, or as it is told', () => {
    expect(onScratch('ADD x.tar /y\nADD --unpack=false x.tar /y\nADD --unpack=true x.tar /y')).toEqual([
      '3 file copy(destination=/y unpack=auto input=1 source=/x.tar) <- 1,2',
      '4 file copy(destination=/y input=1 source=/x.tar) <- 3,2',
      '5 file copy(destination=/y unpack=always input=1 source=/x.tar) <- 4,2',
    ]);
  });

  it('fetches files from the web, the only one of their file system', () => {
    expect(
      onScratch(
        `ADD https://example.com/a.tar /x/\nADD --checksum=${sum} --unpack=true --chmod=600 --chown=1 https://example.com/b /y`,
      ),
    ).toEqual([
      '2 http(url=https://example.com/a.tar)',
      '3 file copy(destination=/x/ input=1 source=/*) <- 1,2',
      `4 http(url=https://example.com/b checksum=${sum})`,
      '5 file copy(destination=/y mode=600 owner={"text":"1","input":0} unpack=always input=1 source=/*) <- 3,4',
    ]);
  });

  it('fetches git repositories', () => {
    expect(
      onScratch(
        'ADD https://github.com/a/b.git#v0.1:sub /z\nADD --keep-git-dir=true --exclude=*.md git@github.com:a/b.git /k',
      ),
    ).toEqual([
      '2 git(remote=https://github.com/a/b.git ref=v0.1 subdir=sub)',
      '3 file copy(destination=/z input=1 source=/ wildcards=false) <- 1,2',
      '4 git(remote=git@github.com:a/b.git keepGitDir=true)',
      '5 file copy(destination=/k excludes=["*.md"] input=1 source=/ wildcards=false) <- 3,4',
    ]);
  });

  it('reads all of a git URL', () => {
    const url = `https://github.com/a/b.git?ref=v1&mtime=commit&fetch-by-commit&submodules=0&checksum=${'a'.repeat(40)}`;
    expect(onScratch(`ADD ${url} /`)[0]).toBe(
      `2 git(remote=https://github.com/a/b.git ref=v1 fetchByCommit=true checksum=${'a'.repeat(40)}` +
        ' skipSubmodules=true mtime=commit)',
    );
  });

  it('takes what may be a path in the context for one', () => {
    expect(onScratch('ADD github.com/a/b /')).toEqual([
      '3 file copy(destination=/ unpack=auto input=1 source=/github.com/a/b) <- 1,2',
    ]);
  });

  it('takes several kinds of sources in one step', () => {
    expect(onScratch('ADD a http://example.com/b https://github.com/a/b.git a2 /x/')).toEqual([
      '3 http(url=http://example.com/b)',
      '4 git(remote=https://github.com/a/b.git)',
      '5 file copy(destination=/x/ unpack=auto input=1 source=/a) copy(destination=/x/ input=2 source=/*)' +
        ' copy(destination=/x/ input=3 source=/ wildcards=false) copy(destination=/x/ unpack=auto input=1 source=/a2) <- 1,2,3,4',
    ]);
  });

  it('says of what it fetches which instruction wants it', () => {
    const [, http] = inputsFirst([planText('FROM scratch\nADD http://example.com/b /')]);
    const { source, start = 0, end = 0 } = http?.options.span ?? {};
    expect(source?.text.slice(start, end)).toBe('ADD http://example.com/b /');
  });
});
