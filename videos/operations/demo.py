"""Demo data for development: an owner with credits, a staff user and a sample photo that we drew ourselves."""

from pathlib import Path

from allauth.account.models import EmailAddress

from accounts.models import User
from credits import ledger
from videos import clock, photos
from videos.models import Photo
from videos.photos.isolation import decoder
from videos.uploads import store_photo

OWNER, STAFF, PASSWORD = "demo@petgroove.example", "staff@petgroove.example", "dance dance dance"
CREDITS = 25
SAMPLE = Path(__file__).parent.parent / "management" / "sample_pet.jpg"


def person(email: str, *, staff: bool = False) -> User:
    """Return the account with this address; create it, verified and with the demo password, if it does not exist."""
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, PASSWORD, is_staff=staff, is_superuser=staff)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def seed() -> None:
    """Create missing demo data. Existing rows are kept, so this can run at every start."""
    person(STAFF, staff=True)
    owner = person(OWNER)
    ledger.welcome(owner)
    ledger.grant(owner, CREDITS, reason="To try everything", by=None, reference=f"grant:demo:{owner.pk}")
    if not Photo.objects.filter(user=owner).exists():
        store_photo(owner, photos.normalise(SAMPLE.read_bytes()), clock.now())
        # The command goes on for hours and decodes no other photo.
        decoder.close()
