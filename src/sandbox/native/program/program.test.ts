import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { arch, tmpdir } from 'node:os';
import { afterAll, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { programInDirectory } from '../program-file.ts';
import { Program } from './program.ts';
import type { Architecture } from './syscall-numbers.ts';

const directory = mkdtempSync(join(tmpdir(), 'kiln-program-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const emulators: Readonly<Record<Architecture, readonly string[]>> = {
  x64: ['/usr/bin/qemu-x86_64-static', '/usr/bin/qemu-x86_64'],
  arm64: ['/usr/bin/qemu-aarch64-static', '/usr/bin/qemu-aarch64'],
};

describe.each(['x64', 'arm64'] as const)('a program for %s', (architecture) => {
  const emulator = emulators[architecture].find((path) => existsSync(path));

  function run(program: Program): { readonly stdout: string; readonly stderr: Buffer; readonly status: number | null } {
    using file = programInDirectory(directory, program.file(2));
    const command = arch() === architecture ? [file.path] : [emulator ?? '', file.path];
    const { stdout, stderr, status } = spawnSync(command[0] ?? '', command.slice(1));
    return { stdout: stdout.toString(), stderr, status };
  }

  function say(program: Program, text: string): void {
    program.call('write', [1, program.text(text), text.length]);
  }

  it.skipIf(arch() !== architecture && emulator === undefined)('makes its calls, and goes where results lead', () => {
    const program = new Program(architecture);
    say(program, 'begin ');
    program.call('clone', [17, 0, 0, 0, 0], {
      zero: () => {
        say(program, 'child ');
        program.exit(3);
      },
    });
    program.call('wait4', [-1, 0, 0, 0]);
    program.call('chdir', [program.text('/no/such')], { error: 'ignore' });
    program.call('chdir', [program.text('/no/such')], {
      error: () => {
        say(program, 'instead ');
        program.call('chdir', [program.text('/')], {
          zero: () => {
            say(program, 'zero ');
          },
        });
      },
    });
    program.call('write', [1, program.text('positive '), 9], {
      positive: () => {
        say(program, 'done');
      },
    });
    program.exit(7);
    expect(run(program)).toMatchObject({ stdout: 'begin child instead zero positive done', status: 7 });
  });

  it.skipIf(arch() !== architecture && emulator === undefined)('says which call failed, and for what', () => {
    const program = new Program(architecture);
    say(program, 'begin');
    program.call('chdir', [program.text('/no/such')], { purpose: 'go away' });
    say(program, 'not reached');
    program.exit(0);
    const { stdout, stderr, status } = run(program);
    expect({ stdout, status }).toEqual({ stdout: 'begin', status: 255 });
    const [address, result] = [Number(stderr.readBigInt64LE(0)), Number(stderr.readBigInt64LE(8))];
    expect(program.describe(address, result)).toEqual({ syscall: 'chdir', purpose: 'go away', errno: 2 });
  });
});
