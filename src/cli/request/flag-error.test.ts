import { expect, test } from 'vitest';
import { requested } from './requested.ts';

test.each([
  ['--tag App', 'invalid tag "App": repository name must be lowercase'],
  ['--tag a b --tag :x', 'invalid tag ":x": invalid reference format'],
  [
    '--platform linux/amd64,frob',
    'invalid platform frob: "frob": unknown operating system or architecture: invalid argument',
  ],
  ['--build-arg =x', 'invalid key-value pair "=x": empty key'],
  ['--label =x', 'invalid key-value pair "=x": empty key'],
  ['--build-context x', 'invalid context value: x, expected key=value'],
  [
    '--build-context X=y',
    'invalid context name X: invalid reference format: repository name (library/X) must be lowercase',
  ],
  ['--secret x', "invalid field 'x' must be a key=value pair"],
  ['--secret id=a,scr=b', "unexpected key 'scr' in 'scr=b'"],
  ['--secret src=b', 'secret missing ID'],
  ['--secret type=x,id=a', 'unsupported secret type "x"'],
  [
    '--secret "a',
    'failed to parse csv secret: parse error on line 1, column 2: extraneous or missing " in quoted-field',
  ],
  ['--ssh default', 'invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set'],
  ['--ssh a=x --ssh a=y', 'duplicate agent ID "a"'],
  ['--add-host a', 'invalid host a'],
  ['--add-host a:1.2.3', 'invalid host a:1.2.3'],
  ['--add-host =1.2.3.4', 'invalid host =1.2.3.4'],
  ['--ulimit x', 'invalid argument "x" for "--ulimit" flag: invalid ulimit argument: x'],
  [
    '--ulimit nofle=1',
    'invalid argument "nofle=1" for "--ulimit" flag: invalid ulimit type: nofle (did you mean nofile?)',
  ],
  [
    '--ulimit cpu=1:2:3',
    'invalid argument "cpu=1:2:3" for "--ulimit" flag: too many limit value arguments - 1:2:3, can only have up to two, `soft[:hard]`',
  ],
  [
    '--ulimit cpu=2:1',
    'invalid argument "cpu=2:1" for "--ulimit" flag: ulimit soft limit must be less than or equal to hard limit: 2 > 1',
  ],
  [
    '--ulimit cpu=-1:1',
    'invalid argument "cpu=-1:1" for "--ulimit" flag: ulimit soft limit must be less than or equal to hard limit: soft: -1 (unlimited), hard: 1',
  ],
  ['--ulimit cpu=x', 'invalid argument "cpu=x" for "--ulimit" flag: strconv.ParseInt: parsing "x": invalid syntax'],
  ['--shm-size x', 'invalid argument "x" for "--shm-size" flag: invalid size: \'x\''],
  ['--resource x=1', 'unknown resource "x"'],
  ['--resource memry=1', 'unknown resource "memry" (did you mean memory?)'],
  ['-m x', 'invalid value "x" for resource memory: invalid size: \'x\''],
  ['--allow network.hots', 'unknown entitlement network.hots (did you mean network.host?)'],
  ['--network bridge', 'network mode "bridge" not supported'],
  ['--no-cache --no-cache-filter a', '--no-cache and --no-cache-filter cannot currently be used together'],
  ['--jobs 0', 'invalid argument "0" for "--jobs" flag'],
  ['--progress=plain -q', 'progress=plain and quiet cannot be used together'],
  ['--attest disabled=true', 'attestation type not specified'],
  ['--cache-to dest=x', 'type required for "dest=x"'],
  ['--annotation x', 'parse annotations: invalid annotation "x", expected key=value'],
  ['--annotation manifst:a=b', 'parse annotations: unknown annotation type "manifst"'],
  ['--push', 'tag is needed when pushing to registry'],
  ['--iidfile x -o out', 'local and tar exporters are incompatible with image ID file'],
  ['-o dest=x,type=', 'type is required for output'],
  ['-o type=oci,x', 'invalid value x'],
  ['-o type=local', 'dest is required for local exporter'],
  ['-o type=local,dest=-', 'dest cannot be stdout for local exporter'],
  ['-o type=oci,tar=false', 'dest is required for oci exporter'],
  ['-o type=ocj', 'exporter "ocj" could not be found (did you mean oci?)'],
  ['-o type=oci,compression=zst', 'unsupported compression type zst (did you mean zstd?)'],
  [
    '-o type=oci,compression-level=x',
    'non-integer value x specified for compression-level: strconv.ParseInt: parsing "x": invalid syntax',
  ],
  ['-o type=oci,compression-level=10', 'invalid compression level 10 for gzip'],
  [
    '-o type=oci,force-compression=x',
    'non-bool value x specified for force-compression: strconv.ParseBool: parsing "x": invalid syntax',
  ],
  [
    '-o type=oci,oci-mediatypes=x',
    'non-bool value specified for oci-mediatypes: strconv.ParseBool: parsing "x": invalid syntax',
  ],
  [
    '-o type=oci,compression=zstd,oci-mediatypes=false',
    'exporter option "compression=zstd" conflicts with "oci-mediatypes=false"',
  ],
])('%s is refused', (words, message) => {
  expect(() => requested(words.split(' '))).toThrow(expect.objectContaining({ name: 'KilnError', message }));
});
