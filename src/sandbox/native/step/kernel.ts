/** Descriptors of the processes of a step. From `first` on, the kernel gives the lowest that is free. */
export const descriptors = {
  stdin: 0,
  stdout: 1,
  stderr: 2,
  /** A socket that is broken when Kiln is gone. */
  lifeline: 3,
  /** Where the step reports to Kiln. */
  report: 4,
  /** The control group that the step begins in, before all others of these. */
  controlGroup: 5,
  /** The root of the host, while there still is a way to it. */
  hostRoot: 5,
  /** A file system of what is mounted elsewhere: devices and files. */
  stage: 6,
  /** A file that is just being made. */
  scratch: 7,
} as const;

/** What comes first in a report; anything else is the address of the operation that failed. */
export const reports = { processId: 1, exitStatus: 2, programNotFound: 3, cloneFailed: 4, executeFailed: 5 } as const;

/** Numbers of the kernel's, as in its headers. */
export const kernel = {
  currentFolder: -100,
  atRecursive: 0x8000,
  closeOnExec: 0x80000,
  openPath: 0x200000,
  openDirectory: 0x10000,
  /** arm64 has a number of its own. */
  openDirectoryArm: 0x4000,
  openCreate: 0x40,
  openExclusive: 0x80,
  openWrite: 1,
  mountReadonly: 1,
  mountNoSuid: 2,
  mountNoDevices: 4,
  mountNoExec: 8,
  mountRemount: 0x20,
  mountBind: 0x1000,
  mountRecursive: 0x4000,
  mountPrivate: 0x40000,
  mountSlave: 0x80000,
  mountStrictTime: 0x1000000,
  unmountDetach: 2,
  cloneParentSetThreadId: 0x100000,
  cloneIntoControlGroup: 0x200000000,
  cloneNewMounts: 0x20000,
  cloneNewControlGroup: 0x2000000,
  cloneNewHostname: 0x4000000,
  cloneNewUser: 0x10000000,
  cloneNewIpc: 0x8000000,
  cloneNewProcessIds: 0x20000000,
  cloneNewNetwork: 0x40000000,
  signalChild: 17,
  signalKill: 9,
  signalDefault: 0,
  signalIgnore: 1,
  executeOpenFile: 0x1000,
  receiveCloseOnExec: 0x40000000,
  setDeathSignal: 1,
  setName: 15,
  dropBounding: 24,
  ambient: 47,
  ambientClearAll: 4,
  seccompFilter: 1,
  joinSessionKeyring: 1,
  setDescriptorFlags: 2,
  setInterfaceFlags: 0x8914,
  characterDevice: 0o020000,
} as const;
