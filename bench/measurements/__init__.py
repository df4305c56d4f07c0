"""One group of figures a module: `measure(bench)` takes them, in interleaved rounds."""
