"""The faces: command line and public Python API."""
