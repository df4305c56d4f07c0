"""The hosted backend of Turbo-Plan."""

__version__ = "0.1.0"
