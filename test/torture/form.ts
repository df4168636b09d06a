/** What a form of torture is given. */
export interface Torture {
  /** An empty folder on a disk of its own, as far as one can be had. */
  readonly folder: string;
  readonly seed: number;
  /** How many processes are killed. */
  readonly kills: number;
  /** Processes that build at once. */
  readonly builders: number;
  /** Builds by each of them. */
  readonly builds: number;
  /** How often the disk is full. */
  readonly points: number;
  /** A part of what is built under load: 1 is all of it. */
  readonly scale: number;
  readonly print: (line: string) => void;
  /** Notes that something is not as it has to be. */
  readonly fail: (what: string) => void;
}

/** One way to torture Kiln. */
export interface Form {
  readonly name: string;
  /** Throws if it cannot be done here. */
  readonly run: (torture: Torture) => Promise<void>;
}
