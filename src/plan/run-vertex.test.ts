import { describe, expect, it } from 'vitest';
import { inputsFirst } from '../graph/vertex.ts';
import { graphOf, planText, type TestPlanOptions } from './testing.ts';

/** What a RUN comes to: what is run and where, and its mounts, one by one. */
function runOf(instruction: string, options?: TestPlanOptions): readonly string[] {
  const last = graphOf(`FROM alpine AS t\nFROM scratch\nWORKDIR /w\n${instruction}`, options).at(-1) ?? '';
  return last.replace(/^\d+ exec | <- [\d,]+$/g, '').split(/ (?=(?:exec|bind|cache|tmpfs|secret|ssh|inline)\()/);
}

describe('RUN', () => {
  it('runs what the shell or the list of arguments says', () => {
    expect(graphOf('FROM scratch\nRUN ["/bin/x", "y z"]\nSHELL ["/bin/bash", "-ec"]\nRUN z && y')).toEqual([
      '1 scratch',
      '2 exec ["/bin/x","y z"] <- 1',
      '3 exec ["/bin/bash","-ec","z && y"] <- 2',
    ]);
  });

  it('has the working directory, the user, and the variables of ENV and ARG', () => {
    expect(runOf('USER app:staff\nENV A=b\nARG C=d\nARG E\nRUN x', { buildArgs: { E: 'f' } })).toEqual([
      'x',
      'exec(cwd=/w user=app:staff env=["A=b","C=d","E=f"])',
    ]);
  });

  it('has the network and the privileges that it asks for, or those of the build', () => {
    const options: TestPlanOptions = { plan: { network: 'host' } };
    expect(runOf('RUN x', options)).toEqual(['x', 'exec(cwd=/w network=host)']);
    expect(runOf('RUN --network=none x', options)).toEqual(['x', 'exec(cwd=/w network=none)']);
    expect(runOf('RUN --network=default x', options)).toEqual(['x', 'exec(cwd=/w)']);
    expect(runOf('RUN --security=insecure x')).toEqual(['x', 'exec(cwd=/w security=insecure)']);
  });

  it('has what the user decides for all', () => {
    const plan: TestPlanOptions['plan'] = {
      ...{ hostname: 'h', shmSize: 1024, cgroupParent: '/cg', extraHosts: [{ host: 'a', ip: '1.2.3.4' }] },
      ulimits: [{ name: 'nofile', soft: 1, hard: 2 }],
    };
    expect(runOf('RUN x', { plan })).toEqual([
      'x',
      'exec(cwd=/w hostname=h extraHosts=[{"host":"a","ip":"1.2.3.4"}]' +
        ' ulimits=[{"name":"nofile","soft":1,"hard":2}] shmSize=1024 cgroupParent=/cg)',
    ]);
  });

  it('gets proxies that do not decide what it is', () => {
    const vertex = planText('FROM scratch\nRUN x', { plan: { hiddenEnv: ['HTTP_PROXY=http://p'] } });
    expect(vertex.options.hiddenEnv).toEqual(['HTTP_PROXY=http://p']);
    expect(vertex.digest).toBe(planText('FROM scratch\nRUN x').digest);
  });

  it('runs a heredoc as what it is', () => {
    expect(runOf('RUN <<EOF\nmake\nEOF')).toEqual(['make\n', 'exec(cwd=/w)']);
    expect(runOf('RUN <<EOF\n#!/usr/bin/env python\nprint()\nEOF')).toEqual([
      '/dev/pipes/EOF',
      'exec(cwd=/w)',
      'inline(target=/dev/pipes/EOF content="#!/usr/bin/env python\\nprint()\\n" mode=755)',
    ]);
    expect(runOf('RUN cat <<A <<-B\na\nA\n\tb\n\tB')).toEqual(['cat <<A <<-B\na\nA\n\tb\nB', 'exec(cwd=/w)']);
  });
});

describe('RUN --mount', () => {
  it.each([
    ['type=bind,target=/b', 'bind(target=/b input=1 readOnly=true)'],
    ['target=b', 'bind(target=/w/b input=1 readOnly=true)'],
    ['type=bind,from=t,source=s/../u,target=/b,rw', 'bind(target=/b input=1 selector=/u readOnly=false)'],
    ['type=bind,source=../../etc,target=/b', 'bind(target=/b input=1 selector=/etc readOnly=true)'],
    ['type=cache,target=/c/', 'cache(target=/c id=//c sharing=shared readOnly=false)'],
    ['type=cache,target=c', 'cache(target=/w/c id=/c sharing=shared readOnly=false)'],
    [
      'type=cache,target=/c,id=x,sharing=locked,from=t,source=/seed,mode=700,uid=1,gid=2,ro',
      'cache(target=/c id=/x sharing=locked readOnly=true mode=700 uid=1 gid=2 input=1 selector=/seed)',
    ],
    ['type=cache,target=/c,sharing=private', 'cache(target=/c id=//c sharing=private readOnly=false)'],
    ['type=tmpfs,target=/t', 'tmpfs(target=/t)'],
    ['type=tmpfs,target=/t,size=1k', 'tmpfs(target=/t size=1024)'],
    ['type=secret,id=s', 'secret(id=s target=/run/secrets/s mode=400)'],
    ['type=secret,id=a/s', 'secret(id=a/s target=/run/secrets/s mode=400)'],
    ['type=secret,target=/x/s', 'secret(id=s target=/x/s mode=400)'],
    ['type=secret,id=s,env=S', 'secret(id=s env=S mode=400)'],
    ['type=secret,id=s,env=S,target=/s', 'secret(id=s target=/s env=S mode=400)'],
    [
      'type=secret,id=s,target=s,required,mode=0440,uid=3,gid=4',
      'secret(id=s target=/w/s required=true mode=440 uid=3 gid=4)',
    ],
  ])('%s', (mount, expected) => {
    expect(runOf(`RUN --mount=${mount} x`)).toEqual(['x', 'exec(cwd=/w)', expected]);
  });

  it('of an agent tells the program where it is, unless it knows', () => {
    expect(runOf('RUN --mount=type=ssh --mount=type=ssh,id=k,required,mode=644 x')).toEqual([
      'x',
      'exec(cwd=/w env=["SSH_AUTH_SOCK=/run/buildkit/ssh_agent.0"])',
      'ssh(id=default target=/run/buildkit/ssh_agent.0 mode=600)',
      'ssh(id=k target=/run/buildkit/ssh_agent.1 required=true mode=644)',
    ]);
    expect(runOf('ENV SSH_AUTH_SOCK=/mine\nRUN --mount=type=ssh,target=/s x')).toEqual([
      'x',
      'exec(cwd=/w env=["SSH_AUTH_SOCK=/mine"])',
      'ssh(id=default target=/s mode=600)',
    ]);
  });

  it('puts the name of the user of caches in front of their ids', () => {
    expect(runOf('RUN --mount=type=cache,target=/c x', { plan: { cacheNamespace: 'ns' } })).toContain(
      'cache(target=/c id=ns//c sharing=shared readOnly=false)',
    );
  });

  it('takes what is mounted twice as one input, and the base as another', () => {
    const text = `
FROM alpine
RUN --mount=target=/a --mount=target=/b,source=b --mount=from=alpine,target=/c x`;
    expect(graphOf(text)).toEqual([
      '1 image docker.io/library/alpine:latest',
      '2 local context',
      '3 exec x bind(target=/a input=1 readOnly=true) bind(target=/b input=1 selector=/b readOnly=true)' +
        ' bind(target=/c input=2 readOnly=true) <- 1,2,1',
    ]);
  });

  it('needs nothing for what comes from nowhere', () => {
    const text =
      'FROM scratch\nRUN --mount=type=cache,target=/c --mount=type=tmpfs,target=/t --mount=type=secret,id=s --mount=type=ssh x';
    expect(inputsFirst([planText(text)])).toHaveLength(2);
  });
});
