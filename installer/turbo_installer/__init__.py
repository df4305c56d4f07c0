"""Puts Turbo into Claude Code and takes it out again."""
