"""The stand-in server for every test of this folder."""

from tests.runway.fixtures import fake_server, runway_server

__all__ = ["fake_server", "runway_server"]
