"""The fake server for all Runway tests."""

from tests.runway.fixtures import fake_server, runway_server

__all__ = ["fake_server", "runway_server"]
