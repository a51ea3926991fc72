"""The answers: any relation as of any moment."""
