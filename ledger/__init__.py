"""The memory: append once, prove for ever."""
