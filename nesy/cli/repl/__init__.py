"""The conversation with a program: clauses and questions typed in, one after the other.

`session` holds the program as it grows, `questions` makes programs of what is asked, `console` answers,
`commands` are the words that begin with a colon, `taking` carries out what is entered; `prompting` reads
from people, `reading` from pipes.
"""
