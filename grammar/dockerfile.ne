# One instruction of a Dockerfile, its continuation lines joined.
# The terminals are those of src/dockerfile/lexer/token.ts; the nodes are built by src/dockerfile/parser/nodes.ts.
#
# Lists are left-recursive and there is no empty argument (the lexer says %empty), so that every token costs the same.

@preprocessor esmodule
@{% import { terminals } from './terminals.ts'; %}
@{% import * as node from './nodes.ts'; %}
@lexer terminals

instruction
  -> %from        flags words           {% node.instruction %}
   | %expose      flags words           {% node.instruction %}
   | %arg         flags words           {% node.instruction %}
   | %run         flags command         {% node.instruction %}
   | %cmd         flags command         {% node.instruction %}
   | %entrypoint  flags command         {% node.instruction %}
   | %shell       flags command         {% node.instruction %}
   | %add         flags paths           {% node.instruction %}
   | %copy        flags paths           {% node.instruction %}
   | %volume      flags paths           {% node.instruction %}
   | %env         flags pairs           {% node.instruction %}
   | %label       flags pairs           {% node.instruction %}
   | %maintainer  flags text            {% node.instruction %}
   | %stopsignal  flags text            {% node.instruction %}
   | %user        flags text            {% node.instruction %}
   | %workdir     flags text            {% node.instruction %}
   | %healthcheck flags probe           {% node.instruction %}
   | %onbuild     flags trigger         {% node.instruction %}
   | %unknown     flags ignored         {% node.instruction %}

flags    -> null                        {% node.noFlags %}
          | flags %flag                 {% node.append %}

text     -> %empty                      {% node.none %}
          | %text                       {% node.text %}

command  -> text                        {% node.same %}
          | array                       {% node.same %}

words    -> %empty                      {% node.none %}
          | wordlist                    {% node.words %}

paths    -> words                       {% node.same %}
          | array                       {% node.same %}

wordlist -> %word                       {% node.list %}
          | wordlist %word              {% node.append %}

array    -> %open %close                {% node.emptyArray %}
          | %open strings %close        {% node.array %}

strings  -> %string                     {% node.list %}
          | strings %comma %string      {% node.appendSeparated %}

pairs    -> %empty                      {% node.none %}
          | pairlist                    {% node.pairs %}

pairlist -> pair                        {% node.list %}
          | pairlist pair               {% node.append %}

pair     -> %key %equals %value         {% node.pair %}
          | %key %space %value          {% node.pair %}
          | %bare                       {% node.barePair %}

probe    -> %empty                      {% node.none %}
          | %word command               {% node.probe %}

trigger  -> %empty                      {% node.none %}
          | instruction                 {% node.trigger %}

ignored  -> %empty                      {% node.unknown %}
          | %ignored                    {% node.unknown %}
