"""A stand-in for Runway's developer API, in a process of its own: for development without a key, and for the tests.

    python -m tests.runway.fake_server --port 8009
    RUNWAY_BASE_URL=http://127.0.0.1:8009 RUNWAY_API_KEY=key_000...0 (128 digits)

It keeps the whole contract that PetGroove relies on: authorization and version, checks of the body with Runway's kind
of error, a task's states in time, concurrency and daily caps, credits, and clips without sound at addresses that
expire. Faults are asked for under ``/_control/`` (see ``control.py``), and a journal tells what it accepted, deleted
and served.
"""
