"""Signing up, logging in and confirming it is you, each by a six-digit code that is sent by e-mail."""
