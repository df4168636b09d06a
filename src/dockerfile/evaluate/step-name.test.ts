import { describe, expect, it } from 'vitest';
import { evaluateText } from './testing.ts';

describe('stepName', () => {
  it.each([
    ['workdir $D/x', 'WORKDIR /d/x'],
    ['COPY "a" ${D}/$NONE', 'COPY a /d/'],
    ['RUN echo "$D" $NONE', 'RUN echo "/d" $NONE'],
    ['RUN <<E\nset -e\necho\nE', 'RUN <<E (set -e...)'],
    ['RUN <<E sh\necho\nE', 'RUN <<E sh'],
    ['RUN --mount=type=secret,id=s,env=D echo $D', 'RUN --mount=type=secret,id=s,env=D echo ****'],
    ['RUN echo ${D', 'RUN echo ${D'],
  ])('calls %j %j', (line, name) => {
    const { target } = evaluateText(`FROM scratch\nENV D=/d\n${line}\n`);
    expect(target?.steps.map((step) => step.name)).toEqual([name]);
  });
});
