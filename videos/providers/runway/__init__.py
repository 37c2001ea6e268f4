"""Runway's developer API. Import its modules: this package loads nothing, so that settings and pages stay light."""
