import type { InstructionName } from './parser/ast.ts';

/** How an instruction is written. */
export const usage: Readonly<Record<InstructionName, string>> = {
  add: 'ADD [flags] <source>... <destination>',
  arg: 'ARG <name>[=<default>]...',
  cmd: 'CMD ["executable", "parameter"...], or CMD <command>',
  copy: 'COPY [flags] <source>... <destination>',
  entrypoint: 'ENTRYPOINT ["executable", "parameter"...], or ENTRYPOINT <command>',
  env: 'ENV <name>=<value>...',
  expose: 'EXPOSE <port>[/<protocol>]...',
  from: 'FROM [--platform=<platform>] <image> [AS <name>]',
  healthcheck: 'HEALTHCHECK [flags] CMD <command>, or HEALTHCHECK NONE',
  label: 'LABEL <name>=<value>...',
  maintainer: 'MAINTAINER <name>',
  onbuild: 'ONBUILD <instruction>',
  run: 'RUN [flags] <command>',
  shell: 'SHELL ["executable", "parameter"...]',
  stopsignal: 'STOPSIGNAL <signal>',
  user: 'USER <user>[:<group>]',
  volume: 'VOLUME <path>..., or VOLUME ["path"...]',
  workdir: 'WORKDIR <path>',
};

const transfer = '--chmod takes 0755 or u=rwX,go=rX; --checksum takes sha256:<64 hexadecimal digits>';

/** What the values of an instruction look like. */
export const values: Readonly<Partial<Record<InstructionName, string>>> = {
  add: transfer,
  copy: transfer,
  expose: 'a port is NUMBER[-NUMBER], with /tcp, /udp or /sctp behind it if need be',
  healthcheck: 'a duration is numbers with units, such as 30s or 1m30s; --retries takes a whole number',
  run: 'a mount is type=bind|cache|tmpfs|secret|ssh and options such as target=<path>, separated by commas',
  stopsignal: 'a signal is a name such as SIGTERM, or a number',
};

/** How variables are written. */
export const substitution =
  'write \\$ for a dollar sign; variables are $NAME, ${NAME}, ${NAME:-default}, ${NAME:+value}, ${NAME:?message}, ' +
  '${NAME#pattern}, ${NAME%pattern}, ${NAME/pattern/text}';

/** How an image is named. */
export const image = 'an image is [<registry>/]<name>[:<tag>][@<digest>], the name in lower case';
