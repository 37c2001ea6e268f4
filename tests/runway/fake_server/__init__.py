"""A fake server with Runway's developer API, for development without a key and for the tests. It is a separate process.

    python -m tests.runway.fake_server --port 8009
    RUNWAY_BASE_URL=http://127.0.0.1:8009 RUNWAY_API_KEY=key_000...0 (128 digits)

It implements the whole contract that PetGroove relies on: authorization and version, validation with Runway's errors,
a task's states over time, concurrency and daily limits, credits, and clips without sound at URLs that expire. Faults
are requested under ``/_control/`` (see ``control.py``), and a journal records what was accepted, deleted and served.
"""
