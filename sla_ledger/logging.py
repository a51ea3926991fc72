"""Logs: structlog, one JSON object a line, on standard error (I1)."""

from __future__ import annotations

import logging
import sys

import structlog


def to_standard_error() -> None:
    """Send our events, and warnings of the libraries, to standard error as JSON."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # The client tells of a broker that is away ten times a second; we say it once (`lag`).
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
