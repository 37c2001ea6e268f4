"""A photo that has been looked at, without a run of the model."""

from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image, ImageDraw

from videos.models import Photo
from videos.studio.segmentation.cutout import Cutout, Mode


def add_cutout(photo: Photo, *, mode: Mode = Mode.FULL) -> Photo:
    """Keep an oval as what was found in the photo, with the switch as it suits ``mode``.

    Its sticker is still to be made. For a print it is an oval that the photo cuts off, as it does a face.
    """
    picture = Image.new("L", (photo.width // 2, photo.height // 2))
    left, top, right, bottom = (0.05, 0.03, 0.95, 1.3) if mode is Mode.PRINT else (0.2, 0.2, 0.8, 0.8)
    width, height = picture.size
    ImageDraw.Draw(picture).ellipse((left * width, top * height, right * width, bottom * height), fill=255)
    file = BytesIO()
    picture.save(file, "PNG")
    cover = picture.histogram()[255] / (width * height)
    found = Cutout(file.getvalue(), cover=cover, confidence=1.0, agreement=1.0, passes=1, mode=mode, parts=1)
    mask = default_storage.save(photo.storage_name("mask.png"), ContentFile(file.getvalue()))
    Photo.objects.filter(pk=photo.pk).update(
        mask=mask, cutout_info=found.info, cutout=found.advised, due_at=timezone.now()
    )
    photo.refresh_from_db()
    return photo
