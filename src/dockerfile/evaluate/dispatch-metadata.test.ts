import { describe, expect, test } from 'vitest';
import { configOf, environmentOf, historyOf, imageOf, problemsOf, withImage } from './testing.ts';

const lines = (...instructions: readonly string[]) => ['FROM x', ...instructions, ''].join('\n');

describe('CMD and ENTRYPOINT', () => {
  test('in the JSON form are words, in the shell form one for the shell', () => {
    expect(configOf(lines('ENTRYPOINT ["a", "b c"]', 'CMD d "e f"'))).toMatchObject({
      Entrypoint: ['a', 'b c'],
      Cmd: ['/bin/sh', '-c', 'd "e f"'],
      ArgsEscaped: true,
    });
    expect(historyOf(lines('ENTRYPOINT ["a", "b c"]', 'CMD d "e f"'))).toEqual([
      '(ENTRYPOINT ["a" "b c"])',
      '(CMD ["/bin/sh" "-c" "d \\"e f\\""])',
    ]);
  });

  test('variables are left to the shell', () => {
    expect(configOf(lines('ENV A=1', 'CMD echo $A')).Cmd).toEqual(['/bin/sh', '-c', 'echo $A']);
  });

  test('ENTRYPOINT drops a CMD of the base, but not one of its own stage', () => {
    const image = withImage({ Cmd: ['base'] });
    expect(configOf(lines('ENTRYPOINT ["a"]'), image).Cmd).toBeUndefined();
    expect(configOf(lines('CMD ["b"]', 'ENTRYPOINT ["a"]'), image).Cmd).toEqual(['b']);
    expect(configOf('FROM x AS a\nCMD ["b"]\nFROM a\nENTRYPOINT ["c"]\n').Cmd).toBeUndefined();
    expect(configOf(lines('USER u'), image).Cmd).toEqual(['base']);
  });

  test('empty ones clear what the base has', () => {
    const image = withImage({ Cmd: ['a'], Entrypoint: ['b'] });
    const config = configOf(lines('ENTRYPOINT []', 'CMD []'), image);
    expect(config.Entrypoint).toBeUndefined();
    expect(config.Cmd).toEqual([]);
  });

  test('of several the last one counts', () => {
    expect(configOf(lines('CMD ["a"]', 'CMD ["b"]')).Cmd).toEqual(['b']);
  });
});

describe('SHELL', () => {
  test('counts for what comes after it, here and in stages based on this one', () => {
    const config = configOf(
      'FROM x AS a\nCMD a\nSHELL ["bash", "-c"]\nENTRYPOINT b\nFROM a\nHEALTHCHECK CMD c\nCMD d\n',
    );
    expect(config).toMatchObject({ Shell: ['bash', '-c'], Entrypoint: ['bash', '-c', 'b'], Cmd: ['bash', '-c', 'd'] });
    expect(config.Healthcheck?.Test).toEqual(['CMD-SHELL', 'c']);
    expect(historyOf(lines('SHELL ["bash", "-c"]', 'RUN a'))).toEqual([
      '(SHELL [bash -c])',
      'RUN bash -c a # buildkit',
    ]);
  });

  test('is that of the base image, or that of the system', () => {
    expect(configOf(lines('CMD a'), withImage({ Shell: ['zsh'] })).Cmd).toEqual(['zsh', 'a']);
    const targetPlatform = { os: 'windows', architecture: 'amd64' };
    expect(configOf(lines('CMD a'), { targetPlatform }).Cmd).toEqual(['cmd', '/S', '/C', 'a']);
  });
});

describe('ENV', () => {
  test('an instruction expands with the environment before it', () => {
    expect(environmentOf(lines('ENV A=1', 'ENV A=2 B=$A', 'ENV C=$A'))).toEqual(['A=2', 'B=1', 'C=2']);
  });

  test('keeps the order in which names were first set', () => {
    expect(environmentOf(lines('ENV B=1 A=2', 'ENV B=3 C=4'), withImage({ Env: ['Z=0', 'A=1'] }))).toEqual([
      'Z=0',
      'A=2',
      'B=3',
      'C=4',
    ]);
  });

  test('the history shows what comes of it', () => {
    expect(historyOf(lines('ENV A="b c" D=$A'))).toEqual(['(ENV A=b c D=)']);
    expect(historyOf(lines('ENV A b $HOME'))).toEqual(['(ENV A=b )']);
  });

  test('quotes and escapes are removed, unset variables are empty', () => {
    expect(environmentOf(lines('ENV A=\'$B\' B="a\\"b" C=a\\ b D=${N:-n}$N'))).toEqual([
      'A=$B',
      'B=a"b',
      'C=a b',
      'D=n',
    ]);
  });

  test('keys expand as well', () => {
    expect(environmentOf(lines('ENV A=B', 'ENV $A=1'))).toEqual(['A=B', 'B=1']);
  });

  test('every image for Linux has a PATH', () => {
    expect(configOf(lines('ENV A=1')).Env).toEqual([
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'A=1',
    ]);
    expect(configOf(lines(), withImage({ Env: ['PATH=/mine'] })).Env).toEqual(['PATH=/mine']);
    expect(configOf(lines(), { targetPlatform: { os: 'windows', architecture: 'amd64' } }).Env).toBeUndefined();
  });

  test.each([
    ['ENV A=${B?}', 'substitution 2: failed to process "${B?}": B: is not allowed to be unset «${B?}»'],
    [
      'ENV A="${B:?no value}"',
      'substitution 2: failed to process "\\"${B:?no value}\\"": B: no value «${B:?no value}"»',
    ],
    ['ENV A=${}', 'substitution 2: failed to process "${}": syntax error: bad substitution «}»'],
    [
      "ENV A=1 B='a",
      'substitution 2: failed to process "\'a": unexpected end of statement while looking for matching single-quote «\'a»',
    ],
    [
      'ENV A=a"b',
      'substitution 2: failed to process "a\\"b": unexpected end of statement while looking for matching double-quote «"b»',
    ],
  ])('%j is refused', (line, problem) => {
    expect(problemsOf(lines(line))).toEqual([problem]);
  });
});

describe('LABEL', () => {
  test('expands keys and values, which may be quoted', () => {
    const { Labels } = configOf(
      lines('ENV A=1', 'LABEL "a b"="$A" c=\'$A\' d.$A=', 'LABEL c=2'),
      withImage({ Labels: { z: '0' } }),
    );
    expect(Labels).toEqual({ z: '0', 'a b': '1', c: '2', 'd.1': '' });
    expect(historyOf(lines('LABEL a="b c" d=e'))).toEqual(['(LABEL a=b c d=e)']);
  });
});

describe('EXPOSE', () => {
  test('has ports, ranges and lists in variables, and forgets the host', () => {
    const text = lines('ENV P="1 2/UDP"', 'EXPOSE 90-91/udp $P 8080:80 127.0.0.1::70/sctp');
    expect(Object.keys(configOf(text, withImage({ ExposedPorts: { '9/tcp': {} } })).ExposedPorts ?? {})).toEqual([
      '1/tcp',
      '2/udp',
      '70/sctp',
      '80/tcp',
      '9/tcp',
      '90/udp',
      '91/udp',
    ]);
    expect(historyOf(text)[1]).toBe('(EXPOSE [1/tcp 2/udp 70/sctp 80/tcp 90/udp 91/udp])');
  });

  test.each([
    ['EXPOSE 1 80-', 'value 2: invalid containerPort: 80- «80-»'],
    ['EXPOSE 81-80', 'value 2: invalid containerPort: 81-80 «81-80»'],
    ['EXPOSE 65536', 'value 2: invalid containerPort: 65536 «65536»'],
    ['EXPOSE 80/http', 'value 2: invalid port: "80/http": invalid proto: http «80/http»'],
    ['EXPOSE 1-2:80-90', 'value 2: invalid ranges specified for container and host Ports: 80-90 and 1-2 «1-2:80-90»'],
    ['EXPOSE 80${', 'substitution 2: failed to process "80${": syntax error: missing \'}\' «${»'],
  ])('%j is refused', (line, problem) => {
    expect(problemsOf(lines(line))).toEqual([problem]);
  });
});

describe('HEALTHCHECK', () => {
  test('has a command, durations in nanoseconds and retries', () => {
    const text = lines(
      'HEALTHCHECK --interval=1m30s --timeout=5ms --start-period=1s --start-interval=2s --retries=3 CMD ["a", "b"]',
    );
    expect(configOf(text).Healthcheck).toEqual({
      Test: ['CMD', 'a', 'b'],
      Interval: 90_000_000_000,
      Timeout: 5_000_000,
      StartPeriod: 1_000_000_000,
      StartInterval: 2_000_000_000,
      Retries: 3,
    });
    expect(historyOf(text)).toEqual([
      '(HEALTHCHECK {Test:[CMD a b] Interval:1m30s Timeout:5ms StartPeriod:1s StartInterval:2s Retries:3})',
    ]);
  });

  test('what is not given is absent', () => {
    expect(configOf(lines('HEALTHCHECK CMD a $B')).Healthcheck).toEqual({ Test: ['CMD-SHELL', 'a $B'] });
    expect(historyOf(lines('HEALTHCHECK CMD a'))).toEqual([
      '(HEALTHCHECK {Test:[CMD-SHELL a] Interval:0s Timeout:0s StartPeriod:0s StartInterval:0s Retries:0})',
    ]);
  });

  test('NONE turns off that of the base, which is inherited otherwise', () => {
    const image = withImage({ Healthcheck: { Test: ['CMD', 'a'], Retries: 1 } });
    expect(configOf(lines('HEALTHCHECK NONE'), image).Healthcheck).toEqual({ Test: ['NONE'] });
    expect(configOf(lines(), image).Healthcheck).toEqual({ Test: ['CMD', 'a'], Retries: 1 });
  });
});

describe('VOLUME', () => {
  test('adds up, in words or JSON', () => {
    const { Volumes } = configOf(
      lines('ENV A=/a', 'VOLUME $A /b', 'VOLUME ["/c d"]'),
      withImage({ Volumes: { '/z': {} } }),
    );
    expect(Volumes).toEqual({ '/a': {}, '/b': {}, '/c d': {}, '/z': {} });
    expect(historyOf(lines('VOLUME /a /b'))).toEqual(['(VOLUME [/a /b])']);
  });

  test('must not be empty once variables are replaced', () => {
    expect(problemsOf(lines('VOLUME /a $NOPE'))).toEqual([
      'volume-empty 2: VOLUME specified can not be an empty string «$NOPE»',
    ]);
  });
});

describe('WORKDIR', () => {
  test('is relative to the one before, that of the base first', () => {
    expect(configOf(lines('ENV A=a', 'WORKDIR $A/../b', 'WORKDIR c')).WorkingDir).toBe('/b/c');
    expect(configOf(lines('WORKDIR a'), withImage({ WorkingDir: '/w' })).WorkingDir).toBe('/w/a');
    expect(configOf(lines(), withImage({ WorkingDir: '/w/' })).WorkingDir).toBe('/w/');
    expect(configOf('FROM x AS a\nWORKDIR /a\nFROM a\nWORKDIR b\n').WorkingDir).toBe('/a/b');
  });

  test('an unset variable may make it absolute', () => {
    expect(configOf(lines('WORKDIR /a', 'WORKDIR $NOPE/b')).WorkingDir).toBe('/b');
  });

  test('makes a layer unless it is the root', () => {
    expect(historyOf(lines('WORKDIR /', 'WORKDIR a'))).toEqual(['(WORKDIR /)', 'WORKDIR /a']);
  });

  test('an image that has none keeps none', () => {
    expect(configOf(lines()).WorkingDir).toBeUndefined();
  });

  test('on Windows has backslashes, but not in the history', () => {
    const targetPlatform = { os: 'windows', architecture: 'amd64' };
    expect(configOf(lines('WORKDIR c:/a', 'WORKDIR b'), { targetPlatform }).WorkingDir).toBe('\\a\\b');
    expect(historyOf(lines('WORKDIR c:/a'), { targetPlatform })).toEqual(['WORKDIR /a']);
    expect(problemsOf(lines('WORKDIR d:/a'), { targetPlatform })).toEqual([
      'value 2: The specified path is not on the system drive (C:) «d:/a»',
    ]);
  });
});

describe('USER, STOPSIGNAL and MAINTAINER', () => {
  test('say who, how and by whom', () => {
    const text = lines('ENV A=1', 'USER $A:b', 'STOPSIGNAL SIG${S:-KILL}', 'MAINTAINER me $A');
    expect(imageOf(text)).toMatchObject({ author: 'me $A', config: { User: '1:b', StopSignal: 'SIGKILL' } });
    expect(historyOf(text).slice(1)).toEqual(['(USER 1:b)', '(STOPSIGNAL SIGKILL)', '(MAINTAINER me $A)']);
  });

  test('are inherited; an empty user resets', () => {
    const image = withImage({ User: 'u', StopSignal: '9' });
    expect(configOf(lines(), image)).toMatchObject({ User: 'u', StopSignal: '9' });
    expect(configOf(lines('USER $NOPE'), image).User).toBeUndefined();
  });

  test('a signal must be one', () => {
    expect(problemsOf(lines('STOPSIGNAL SIGN$A'))).toEqual(['value 2: invalid signal: SIGN «SIGN$A»']);
  });
});

test('a stage goes on with the history of its base', () => {
  const image = withImage({}, [{ created_by: 'base' }, { created_by: 'more', empty_layer: true }]);
  expect(historyOf('FROM x AS a\nUSER u\nFROM a\nRUN b\n', image)).toEqual([
    'base',
    '(more)',
    '(USER u)',
    'RUN /bin/sh -c b # buildkit',
  ]);
});

test('every step says that it is a step of a Dockerfile', () => {
  expect(imageOf(lines('USER u', 'RUN a')).history).toEqual([
    { created_by: 'USER u', comment: 'buildkit.dockerfile.v0', empty_layer: true },
    { created_by: 'RUN /bin/sh -c a # buildkit', comment: 'buildkit.dockerfile.v0' },
  ]);
});
