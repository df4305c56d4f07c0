"""A deployment while people work: old and new servers on one schema, and nobody notices: `make bench-rollout`."""
