import ms from 'ms';

export interface Greeting {
  readonly message: string;
  /** How long the server has been running. */
  readonly uptime: string;
}

/** @param seconds since the server was started */
export function greet(name: string, seconds: number): Greeting {
  return { message: `Hello, ${name}!`, uptime: ms(Math.round(seconds * 1000), { long: true }) };
}
