"""Runway's developer API. Import its modules: the package loads nothing, so that settings and pages stay light."""
