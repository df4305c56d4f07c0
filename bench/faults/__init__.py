"""Proves that nothing acknowledged is lost or doubled while everything between and below breaks."""
