"""The web server, for two cores: gunicorn reads this by itself. PORT and WEB_CONCURRENCY are read from the environment.

Limits are counted in the cache, and one process's own is seen by no other: without a shared one there is one process.

Threads, since what a request waits for is the database or the storage; two processes, since Python computes in one
thread at a time. Pages are small and a slow visitor is the proxy's business.
"""

import ctypes
from pathlib import Path

from petgroove import env

# glibc gives each thread a heap of its own that keeps what was freed in it: with photos that take 500 MiB one after the
# other, a process grew by 1,080 MiB; by 535 with one heap for all. This is malloc.h's M_ARENA_MAX, where there is one.
if tune := getattr(ctypes.CDLL(None), "mallopt", None):
    tune(-8, 1)

env.read_file(Path(__file__).parent / ".env")
worker_class = "gthread"
is_shared = bool(env.text("CACHE_URL") or env.text("REDIS_URL"))
workers = env.integer("WEB_CONCURRENCY", 2, minimum=1) if is_shared else 1
threads = 8
# Of a process that does not even answer gunicorn itself. A thread that hangs is not noticed by it: whatever can take
# long has a limit of its own.
timeout = 60
graceful_timeout = 30
# Longer than the proxy's own, so that it is never answered by a connection that closes.
keepalive = 75
# The code is loaded once and shared; a process is renewed now and then, not all at the same moment.
preload_app = True
# Signals are enough; its socket in the home of whoever runs us would be one more door, and one for two sites of a user.
control_socket_disable = True
max_requests = 5000
max_requests_jitter = 500
