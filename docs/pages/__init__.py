"""One generated page of the reference a file: `page()` answers its markdown."""
