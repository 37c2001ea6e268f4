"""Password hashing."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class SmallArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id with the parameters that OWASP recommends: 19 MiB, two passes, one thread.

    Django's own need 100 MiB and eight threads for each login, too much for a small web process.
    """

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1
