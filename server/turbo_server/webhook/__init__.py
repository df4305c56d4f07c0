"""Webhooks: what happens is sent, signed, to addresses that a workspace's owners have named."""
