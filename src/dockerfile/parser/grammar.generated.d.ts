import type { CompiledRules } from 'nearley';

/** What `npm run grammar` makes of grammar/dockerfile.ne. */
declare const grammar: CompiledRules;
export default grammar;
