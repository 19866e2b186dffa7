"""静室 Jingshi, and its version."""

VERSION = "0.1.0"
"""As pyproject.toml says it; written into backups."""
