"""The rows of the bench, made by the database itself: a few owners who are measured, and a crowd around them.

The measured owners have the same photos and dances at every size, so that what grows is the table alone.
"""

from types import SimpleNamespace
from urllib.parse import urlsplit, urlunsplit

import psycopg

NAME = "petgroove_bench"
# Each measured owner has one living dance and more ended ones than a page of the gallery shows.
MEASURED, ENDED_EACH, CROWD = 32, 26, 1000


def fresh(url: str) -> str:
    """The address of an empty database in the same server."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {NAME}")
    return urlunsplit(urlsplit(url)._replace(path=f"/{NAME}"))


def fill(size: int) -> None:
    """Owners with a photo each, once; then ended dances of the crowd up to ``size`` dances in all."""
    from django.contrib.auth.hashers import make_password
    from django.db import connection

    from accounts.models import User
    from videos.models import Photo, Video

    if not User.objects.exists():
        password = make_password("a good long password")
        users = [User(email=f"{n:05}@example.org", password=password) for n in range(MEASURED + CROWD)]
        User.objects.bulk_create(users)
        Photo.objects.bulk_create(
            Photo(user=user, image="p", thumbnail="t", width=800, height=600, sha256="0", sticker="s") for user in users
        )
    there = Video.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(OWNERS)
        if not there:
            insert(cursor, MEASURED, 0, MEASURED, ended=False)
            insert(cursor, MEASURED * ENDED_EACH, 0, MEASURED, ended=True)
            there = MEASURED * (1 + ENDED_EACH)
        indexes = dropped(cursor) if size - there > 50_000 else []
        insert(cursor, max(0, size - there), MEASURED, CROWD, ended=True)
        for index in indexes:
            cursor.execute(index)
        cursor.execute("VACUUM ANALYZE")


def insert(cursor, count: int, first: int, owners: int, *, ended: bool) -> None:
    cursor.execute(INSERT, {"count": count, "first": first, "owners": owners, "ended": ended})


def dropped(cursor) -> list[str]:
    """Drop the indexes that are no constraints; the statements that make them again, which is quicker afterwards."""
    cursor.execute(
        """
        SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'videos_video'
        AND indexname NOT IN (SELECT conname FROM pg_constraint)
        """
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _, definition in found]


OWNERS = """
    CREATE TEMP TABLE IF NOT EXISTS owner AS
    SELECT row_number() OVER (ORDER BY u.email) - 1 AS number, p.id, p.user_id
    FROM videos_photo p JOIN accounts_user u ON u.id = p.user_id
"""
INSERT = """
    INSERT INTO videos_video (id, user_id, photo_id, idempotency_key,
        dance, format, seconds, price, focus_x, focus_y, cutout,
        seed, prompt, prompt_source, status, step, progress, promised_by, provider, fallback_reason, submissions,
        queued_at_provider, provider_failure, previous_task_ids, file, poster, size, sha256, error_code, error_message,
        created_at, started_at, finished_at, due_at, claim, attempts, updated_at)
    SELECT gen_random_uuid(), owner.user_id, owner.id, gen_random_uuid(), 'disco', 'tall', 5, 1, 0.5, 0.5, true,
        1, 'A prompt of some length, as dances have it.', 'template',
        CASE WHEN %(ended)s THEN 'succeeded' ELSE 'processing' END, CASE WHEN %(ended)s THEN '' ELSE 'rendering' END,
        0.5, now() + interval '1 day', 'studio', '', 0, false, '', '[]', 'f', 'p', 1, '0', '', '',
        now() - n * interval '1 second', now(), CASE WHEN %(ended)s THEN now() END,
        CASE WHEN %(ended)s THEN NULL ELSE now() + interval '1 day' END, 0, 0, now()
    FROM generate_series(1, %(count)s) AS n JOIN owner ON owner.number = %(first)s + n %% %(owners)s
"""


def who_asks() -> tuple[dict[str, list[str]], list[str]]:
    """Addresses of living videos and the cookies of their owners, made as pages make them."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from videos.models import Video
    from videos.views.polling import poll_url

    paths: dict[str, list[str]] = {"poll": [], "naive": [], "page": [], "gallery": [], "upload": []}
    cookies = []
    for video in Video.objects.unfinished().select_related("photo", "user").order_by("user__email"):
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(video.user_id), video.user.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session.save()
        request = SimpleNamespace(user=video.user, session=session)
        paths["poll"].append(poll_url(request, video))  # type: ignore[arg-type]
        paths["naive"].append(f"/bench/naive/{video.pk}")
        paths["page"].append(video.get_absolute_url())
        paths["gallery"].append("/videos/")
        paths["upload"].append("/photos/")
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
    return paths, cookies


def tokens_of(count: int) -> list[str]:
    from accounts.models import User
    from api.models import Token

    return [Token.objects.issue(user, "bench")[1] for user in User.objects.order_by("email")[:count]]
