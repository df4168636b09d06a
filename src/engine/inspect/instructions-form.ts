import type { Command, CommandLine, KeyValue, Origin, Stage, Transfer } from '../../dockerfile/instructions/command.ts';
import { parseMount } from '../../dockerfile/instructions/mount.ts';
import type { Dockerfile } from '../../dockerfile/instructions/parse-stages.ts';
import type { Word } from '../../dockerfile/parser/ast.ts';
import { ValueError } from '../../spec/value-error.ts';
import { compact, type JsonObject } from './compact.ts';
import { errorForm } from './parse-form.ts';

type Form<Kind extends Command['kind']> = (command: Extract<Command, { kind: Kind }>) => JsonObject;

const forms: { readonly [Kind in Command['kind']]: Form<Kind> } = {
  add: (command) => ({
    ...transferForm(command),
    ...(command.keepGitDir !== undefined && { KeepGitDir: command.keepGitDir }),
    ...(command.unpack !== undefined && { Unpack: command.unpack }),
    ...compact({ Checksum: command.checksum.value }),
  }),
  arg: ({ args }) => ({
    Args: args.map(({ key, value, description }) => ({
      Key: key,
      Value: value ?? null,
      ...compact({ DocComment: description }),
    })),
  }),
  cmd: ({ command }) => commandForm(command),
  copy: (command) => ({ ...transferForm(command), ...compact({ From: command.from.value, Parents: command.parents }) }),
  entrypoint: ({ command }) => commandForm(command),
  env: ({ pairs }) => ({ Env: pairs.map(pairForm) }),
  expose: ({ ports }) => ({ Ports: values(ports) }),
  healthcheck: ({ healthcheck: { test, interval, timeout, startPeriod, startInterval, retries } }) => ({
    Health: compact({
      Test: test,
      Interval: interval,
      Timeout: timeout,
      StartPeriod: startPeriod,
      StartInterval: startInterval,
      Retries: retries,
    }),
  }),
  label: ({ pairs }) => ({ Labels: pairs.map(pairForm) }),
  maintainer: ({ maintainer }) => ({ Maintainer: maintainer.value }),
  onbuild: ({ expression }) => ({ Expression: expression }),
  run: (command) => ({
    ...commandForm(command.command),
    ...compact({
      Files: command.files.map(({ name, content, chomp }) => compact({ Name: name, Data: content, Chomp: chomp })),
      FlagsUsed: command.flagsUsed,
      devices: command.devices.map(({ name, required }) => compact({ Name: name, Required: required })),
    }),
    ...mountsForm(command.mounts),
    network: command.network,
    security: command.security,
  }),
  shell: ({ shell }) => ({ Shell: shell }),
  stopsignal: ({ signal }) => ({ Signal: signal.value }),
  user: ({ user }) => ({ User: user.value }),
  volume: ({ volumes }) => ({ Volumes: values(volumes) }),
  workdir: ({ path }) => ({ Path: path.value }),
};

/** The typed instructions, or `{error, errorLines}`. */
export function instructionsForm({ globalArgs, stages, problems }: Dockerfile): JsonObject {
  const [first] = problems;
  if (first) return errorForm({ ...first, message: instructionMessage(first) });
  return { metaArgs: globalArgs.map(commandOf), stages: stages.map(stageForm) };
}

/** BuildKit puts the line into the text of all but one of these. */
export function instructionMessage({ code, message, lines }: Dockerfile['problems'][number]): string {
  return code === 'dockerfile/no-stage' || !lines
    ? message
    : `dockerfile parse error on line ${lines[0] ?? 0}: ${message}`;
}

function stageForm({ from, commands }: Stage): JsonObject {
  return {
    base: from.base.value,
    lines: from.origin.lines,
    origCmd: from.origin.keyword.value,
    source: from.origin.code,
    ...compact({
      name: from.name,
      platform: from.platform.value,
      doc: from.description,
      commands: commands.map(commandOf),
    }),
  };
}

function commandOf(command: Command): JsonObject {
  const form = forms[command.kind] as (command: Command) => JsonObject;
  return { ...form(command), ...originForm(command.origin) };
}

function originForm({ keyword, code, lines, comments }: Origin): JsonObject {
  return { name: keyword.value, code, lines, ...compact({ comments: values(comments) }) };
}

function commandForm({ arguments: words, prependShell }: CommandLine): JsonObject {
  return compact({ CmdLine: words, PrependShell: prependShell });
}

function pairForm({ key, value, legacy }: KeyValue): JsonObject {
  return { Key: key.value, Value: value.value, ...compact({ NoDelim: legacy }) };
}

function transferForm({ sources, contents, destination, chown, chmod, link, exclude }: Transfer): JsonObject {
  return compact({
    DestPath: destination.value,
    SourcePaths: values(sources),
    SourceContents: contents.map(({ path, content, expand }) => compact({ Path: path, Data: content, Expand: expand })),
    Chown: chown.value,
    Chmod: chmod.value,
    Link: link,
    ExcludePatterns: exclude,
  });
}

function mountsForm(mounts: readonly Word[]): JsonObject {
  try {
    return compact({ mounts: mounts.map(({ value }) => mountForm(value)) });
  } catch (error) {
    if (error instanceof ValueError) return { mountsError: error.message };
    throw error;
  }
}

function mountForm(text: string): JsonObject {
  const mount = parseMount(text, (word) => word);
  const { env, mode, uid, gid } = mount;
  return {
    ...compact({
      Type: mount.type,
      From: mount.from,
      Source: mount.source,
      Target: mount.target,
      ReadOnly: mount.readOnly,
      SizeLimit: mount.size,
      CacheID: mount.id,
      CacheSharing: mount.sharing,
      Required: mount.required,
    }),
    ...(env !== undefined && { Env: env }),
    ...(mode !== undefined && { Mode: mode }),
    ...(uid !== undefined && { UID: uid }),
    ...(gid !== undefined && { GID: gid }),
  };
}

function values(words: readonly Word[]): readonly string[] {
  return words.map(({ value }) => value);
}
