import type { Source } from '../../diagnostic/source.ts';
import type { LintEvent } from '../evaluate/event.ts';
import type { Comment } from '../parser/ast.ts';
import { mergeComments, type LintOptions } from './options.ts';
import type { Finding, Rule } from './rule.ts';
import { rules } from './rules.ts';

/** A finding of a rule that counts. */
export interface Warning extends Finding {
  readonly rule: Rule;
}

type Listener = (event: LintEvent, report: (finding: Finding) => void) => void;

interface Subscription {
  readonly rule: Rule;
  readonly listener: Listener;
}

const subscriptions = new Map<string, Subscription[]>();
for (const rule of rules) {
  for (const [kind, listener] of Object.entries(rule.on)) {
    subscriptions.set(kind, [...(subscriptions.get(kind) ?? []), { rule, listener: listener as Listener }]);
  }
}

/** Hands events to the rules and keeps the warnings that the options let through. */
export class Linter {
  readonly warnings: Warning[] = [];
  readonly #source: Source;
  readonly #options: LintOptions;
  #comments: readonly Comment[] = [];
  #merged: LintOptions;

  constructor(source: Source, options: LintOptions) {
    this.#source = source;
    this.#options = options;
    this.#merged = options;
  }

  readonly listen = (event: LintEvent): void => {
    for (const { rule, listener } of subscriptions.get(event.kind) ?? []) {
      listener(event, (finding) => {
        if (this.#counts(rule, event)) this.warnings.push({ ...this.#mendable(finding), rule });
      });
    }
  };

  /** What stands in a trigger of ONBUILD is no part of the file. */
  #mendable(finding: Finding): Finding {
    const isElsewhere = finding.fix?.some(({ span }) => span.source !== this.#source) ?? false;
    return isElsewhere ? { ...finding, fix: undefined } : finding;
  }

  #counts({ name, isExperimental }: Rule, event: LintEvent): boolean {
    const { skip, experimental } = this.#optionsAt('comments' in event ? event.comments : []);
    if (isExperimental) return experimental === 'all' || experimental.has(name);
    return skip !== 'all' && !skip.has(name);
  }

  /** Events of one instruction come one after the other. */
  #optionsAt(comments: readonly Comment[]): LintOptions {
    if (comments.length === 0) return this.#options;
    if (comments !== this.#comments) {
      this.#comments = comments;
      this.#merged = mergeComments(this.#options, comments);
    }
    return this.#merged;
  }
}
