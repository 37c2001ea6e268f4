"""A dance without an account: a photo in, a clip out."""

from pathlib import Path
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandError, CommandParser

from videos import dances, formats, photos
from videos.models import new_seed

WIDTH = 30
SHEETS = {".png", ".jpg", ".jpeg", ".webp"}


class Material(NamedTuple):
    """The exact frame and its mask, the whole photo and its own; ``advised`` is whether to cut the pet out."""

    frame: bytes
    mask: bytes | None
    whole: tuple[bytes, bytes] | None
    advised: bool


class Command(BaseCommand):
    help = "Render a clip: render_clip PHOTO --dance disco --out clip.mp4, or --all for a sheet of all sixteen dances."
    all_dances = dances.DANCES

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("photo", type=Path, help="JPEG, PNG, WebP or HEIC.")
        parser.add_argument("--dance", choices=list(dances.BY_SLUG), default="disco")
        parser.add_argument(
            "--format", choices=list(formats.BY_SLUG), help="The one that suits the photo, unless told."
        )
        parser.add_argument("--seconds", type=int, choices=(5, 10), default=5)
        parser.add_argument("--seed", type=int, help="The same seed gives the same clip; by chance, unless told.")
        parser.add_argument("--print", action="store_true", dest="as_print", help="The photo as a print, not cut out.")
        parser.add_argument("--all", action="store_true", help="A contact sheet of all dances instead of one clip.")
        parser.add_argument("--out", type=Path, help="clip.mp4, or sheet.png (.jpg, .webp) with --all, unless told.")

    def handle(self, *, photo: Path, **options: Any) -> None:
        out = options["out"] or Path("sheet.png" if options["all"] else "clip.mp4")
        if options["all"] and out.suffix.lower() not in SHEETS:
            raise CommandError(f"{out} cannot be written: a sheet's name ends with .png, .jpg or .webp.")
        if not options["all"] and out.suffix.lower() != ".mp4":
            raise CommandError(f"{out} cannot be written: a clip's name ends with .mp4.")
        if not out.parent.is_dir():
            raise CommandError(f"{out} cannot be written: there is no folder {out.parent}.")
        try:
            picture = photos.normalise(photo.read_bytes())
        except OSError as error:
            raise CommandError(f"{photo} cannot be read: {error.strerror}.") from error
        except photos.InvalidPhoto as error:
            raise CommandError(str(error)) from error
        shape = formats.BY_SLUG.get(options["format"]) or formats.best_format(picture.width, picture.height)
        material = prepare_material(picture, shape)
        seed = new_seed() if options["seed"] is None else options["seed"]
        make = self.make_sheet if options["all"] else self.make_clip
        try:
            make(material, shape=shape, seed=seed, out=out, options=options)
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{out} ({out.stat().st_size / 1e6:.1f} MB)")

    def make_clip(self, material: Material, *, shape: formats.Format, seed: int, out: Path, options: Any) -> None:
        from videos.studio.render import render

        render(
            material.frame,
            material.mask,
            dance=dances.BY_SLUG[options["dance"]],
            shape=shape,
            seconds=options["seconds"],
            seed=seed,
            cutout=material.advised and not options["as_print"],
            into=out,
            report=self.report,
            whole=material.whole,
        )

    def make_sheet(self, material: Material, *, shape: formats.Format, seed: int, out: Path, options: Any) -> None:
        from videos.studio.contact_sheet import sheet

        picture = sheet(
            material.frame,
            material.mask,
            dances=self.all_dances,
            shape=shape,
            seed=seed,
            cutout=material.advised and not options["as_print"],
            bars=2,
            whole=material.whole,
            report=self.report,
            kind=out.suffix.lower(),
        )
        out.write_bytes(picture)

    def report(self, progress: float) -> None:
        """A bar that moves, where somebody is looking."""
        if not self.stderr.isatty():
            return
        full = round(progress * WIDTH)
        end = "\n" if progress >= 1 else "\r"
        self.stderr.write(f"[{'#' * full}{'.' * (WIDTH - full)}] {progress:4.0%}", ending=end)


def prepare_material(picture: photos.Normalised, shape: formats.Format) -> Material:
    """The photo as the worker would have it."""
    from videos.studio.segmentation.cutout import cut_out

    cutout, focus = cut_out(picture.jpeg), photos.Focus()
    frame = photos.exact_frame(picture.jpeg, shape, focus)
    pet = cutout.pet_mask(focus)
    if cutout.mask is None or pet is None:
        return Material(frame, None, None, advised=False)
    mask = photos.crop_mask(cutout.mask, picture.width, picture.height, shape, focus)
    return Material(frame, mask, (picture.jpeg, pet), advised=cutout.advised)
