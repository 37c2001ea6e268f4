"""gunicorn settings for two cores, loaded automatically. PORT and WEB_CONCURRENCY come from the environment.

Rate limits are counted in the cache, so without a shared cache there is only one process.

Requests mostly wait for the database or the storage, hence threads. The GIL limits a process to one core, hence two
processes. Slow clients hold no thread: see petgroove/server.py.
"""

import ctypes
from pathlib import Path

from petgroove import env

# glibc keeps freed memory in one arena per thread. After uploads in all threads, a process has 146 MiB; with one arena,
# 108 MiB. -8 is M_ARENA_MAX in malloc.h; other C libraries lack mallopt.
if tune := getattr(ctypes.CDLL(None), "mallopt", None):
    tune(-8, 1)

env.read_file(Path(__file__).parent / ".env")
if port := env.integer("PORT", 0):
    bind = f"0.0.0.0:{port}"
worker_class = "petgroove.server.BufferedWorker"
is_shared = bool(env.text("CACHE_URL") or env.text("REDIS_URL"))
workers = env.integer("WEB_CONCURRENCY", 2, minimum=1) if is_shared else 1
threads = 8
# Seconds until gunicorn kills a process that sends no heartbeat. It does not detect a hanging thread, so every slow
# operation has its own timeout.
timeout = 60
graceful_timeout = 30
# Longer than the proxy's keep-alive, so that the proxy never sends a request on a connection that is being closed.
keepalive = 75
# The code is loaded once and shared. Processes restart from time to time, with jitter so that they do not coincide.
preload_app = True
# Signals suffice. The control socket would lie in the user's home: more attack surface, and shared by all their sites.
control_socket_disable = True
max_requests = 5000
max_requests_jitter = 500
