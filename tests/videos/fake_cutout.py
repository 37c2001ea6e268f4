"""A prepared photo without a run of the segmentation model."""

from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image, ImageDraw

from videos.models import Photo
from videos.photos.head import FoundHead
from videos.studio.segmentation.cutout import Cutout, Mode


def add_cutout(photo: Photo, *, mode: Mode = Mode.FULL, heads: tuple[FoundHead, ...] | None = ()) -> Photo:
    """Store an oval as the photo's cut-out, with the default that suits ``mode``.

    The sticker is still to be made. ``heads`` is None if nobody has looked for them. In print mode, the edge of the
    photo cuts the oval off, as it would a face.
    """
    picture = Image.new("L", (photo.width // 2, photo.height // 2))
    left, top, right, bottom = (0.05, 0.03, 0.95, 1.3) if mode is Mode.PRINT else (0.2, 0.2, 0.8, 0.8)
    width, height = picture.size
    ImageDraw.Draw(picture).ellipse((left * width, top * height, right * width, bottom * height), fill=255)
    file = BytesIO()
    picture.save(file, "PNG")
    cover = picture.histogram()[255] / (width * height)
    measured = {"cover": cover, "confidence": 1.0, "agreement": 1.0, "passes": 1, "mode": mode, "parts": 1}
    cutout = Cutout(file.getvalue(), heads=heads, **measured)
    mask = default_storage.save(photo.storage_name("mask.png"), ContentFile(file.getvalue()))
    Photo.objects.filter(pk=photo.pk).update(
        mask=mask, cutout_info=cutout.info, cutout=cutout.advised, due_at=timezone.now()
    )
    photo.refresh_from_db()
    return photo
