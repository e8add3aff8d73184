"""The language server: what an editor asks about a rule file while it is being written.

`analysis` reads a text as far as it can be read; `hover`, `definition`, `completion` and `outline`
answer questions about it, in offsets; `server` speaks the protocol.
"""
