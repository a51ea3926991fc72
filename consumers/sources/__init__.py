"""Adapters that turn other systems' exports into events."""
