"""The language: what may be said (events, terms, instants, money)."""
