"""Measured figures, never pass or fail: `python -m bench [ingest] [pipeline] [plans]`. See docs/performance.md."""
