"""The pet of one clip: its photo, what is known of it, and how it dances."""

from dataclasses import dataclass

from videos.photos.head import Head
from videos.styles import Body, Style

# Left, top, right and bottom, as shares of the photo's width and height.
type Face = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Subject:
    """A photo in the form in which providers take it.

    ``frame`` is the picture of the clip, as an encoded image. It is cropped to the clip's shape if necessary. ``mask``,
    if any, is an encoded grey picture of the same view (of any size; 255 is pet). ``whole`` is the uncropped photo with
    the mask of the pet that dances. The pet is then taken from the photo, with feet that the frame may lack, and the
    frame serves as the background. ``head`` is the pet's known head in the uncropped photo, or in the frame without
    ``whole``. Without one the pet wears no hat.

    ``cutout`` requests the pet if a mask shows one. If it is False, or there is no usable mask, the frame dances as a
    card.

    ``style`` is how the pet dances, for local providers; remote ones ignore it. A dancer's head is cut out of
    ``original``: the uncropped photo, and the mask of the pet that dances (None if no pet was found). ``faces`` are the
    human faces in it, which the cut leaves out. ``body`` is the dancer's build; None leaves it to the studio.
    ``frame``, ``mask`` and ``whole`` are the same in both styles.
    """

    frame: bytes
    mask: bytes | None = None
    whole: tuple[bytes, bytes] | None = None
    head: Head | None = None
    cutout: bool = True
    style: Style = Style.WHOLE_PET
    body: Body | None = None
    faces: tuple[Face, ...] = ()
    original: tuple[bytes, bytes | None] | None = None

    @property
    def head_photo(self) -> tuple[bytes, bytes | None]:
        """The picture that ``head`` is in, and the mask of the pet in it, if there is one."""
        return self.original or self.whole or (self.frame, self.mask)
