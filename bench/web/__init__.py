"""The page in Chromium, on a slow computer and with ten thousand issues: `make bench-web`."""
