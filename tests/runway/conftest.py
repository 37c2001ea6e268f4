"""The stand-in server for every test of this folder."""

from tests.runway.fixtures import runway_server, stand_in

__all__ = ["runway_server", "stand_in"]
