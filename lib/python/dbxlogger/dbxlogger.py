"""Logs experiments into a dbx repository."""

__version__ = "0.1.0"
