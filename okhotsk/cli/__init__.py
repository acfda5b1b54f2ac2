"""The command line: one module a command.

A module of a command imports at its top only what is light. Libraries that compute or draw are
imported inside the command, because they take seconds: help and refusals need none of them.
"""
