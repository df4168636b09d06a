import { environmentValue } from '../../environment.ts';
import type { Program } from '../program/program.ts';
import { descriptors, kernel, reports } from './kernel.ts';
import { directoryFlags } from './mounting.ts';
import type { StepPlan } from './step-plan.ts';

const executeAccess = 1;

/** What it is for, in the report of a program that could not be executed. */
export const executionPurpose = 'exec ';

/** Becomes the program, or reports that it cannot. */
export function execute(program: Program, { args, env, host }: StepPlan): void {
  const [name = ''] = args;
  const list = (texts: readonly string[]): number => program.words([...texts.map((text) => program.text(text)), 0]);
  const [argumentList, environmentList] = [list(args), list(env)];
  const replace = (path: string): void => {
    program.call('execve', [program.text(path), argumentList, environmentList], { purpose: executionPurpose + path });
    program.exit(255);
  };
  const replaceUnlessDirectory = (path: string): void => {
    program.call('openat', [kernel.currentFolder, program.text(path), directoryFlags(host), 0], {
      error: () => {
        replace(path);
      },
    });
  };
  if (name.includes('/')) {
    replace(name);
    return;
  }
  for (const folder of name === '' ? [] : (environmentValue(env, 'PATH') ?? '').split(':')) {
    const path = `${folder === '' ? '.' : folder}/${name}`;
    program.call('faccessat', [kernel.currentFolder, program.text(path), executeAccess], {
      error: 'ignore',
      zero: () => {
        replaceUnlessDirectory(path);
      },
    });
  }
  program.call('write', [descriptors.report, program.words([reports.programNotFound, 0]), 16]);
  program.exit(255);
}
